import type { System } from './image.ts';

/** What a command sees of the machine it runs on. */
export interface Inside {
  readonly system: System;
  readonly user: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  readonly diskSize: number;
  readonly address: string | undefined;
  readonly bootedAt: number;
  /** How far cloud-init is, in its own words. */
  cloudInitStatus(): string;
  /** Resolves when cloud-init is done. */
  readonly settled: Promise<void>;
  powerOff(): void;
  reboot(): void;
}

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

export type Program = (args: readonly string[], inside: Inside, input: string) => Promise<Output> | Output;

export const say = (stdout: string): Output => ({ stdout, stderr: '', code: 0 });
export const fail = (stderr: string, code: number): Output => ({ stdout: '', stderr, code });
