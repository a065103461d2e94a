import type { Json } from '#base/json.ts';
import type { Step } from './step.ts';

/** A run as its job sees it. */
export interface Run {
  readonly id: string;
  /**
   * Carries out a recorded step, or answers what it returned when it was done before. `key` tells apart several uses of the same step.
   * Rejects when the step failed for good; a job lets that pass, so that the engine takes the run back.
   */
  step<Input extends Json, Output extends Json>(step: Step<Input, Output>, input: Input, key?: string): Promise<Output>;
  /** Lets the worker go until people have decided. Resolves when they approved; otherwise the run ends as rejected and is taken back. */
  ask(question: Question): Promise<void>;
}

/** Something that people decide. */
export interface Question {
  /** Unique in its run. */
  readonly key: string;
  /** `Destroy k8s-dev (VM 105)?` */
  readonly title: string;
  readonly rule: ApprovalRule;
}

export interface ApprovalRule {
  /** How many different people must say yes. */
  readonly need: number;
  /** Members of any of these may vote; empty means everybody. */
  readonly groups: readonly string[];
  /** Whether the one who asked may vote too. */
  readonly selfOk: boolean;
  readonly expiresMs: number;
  /** Nobody else is there to ask: whoever asked types the name of what it is about instead of pressing. */
  readonly typeName?: boolean;
}
