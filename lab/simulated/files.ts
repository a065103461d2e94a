import type { System } from './image.ts';

/** More than this in one file, and the guest says that its disk is full. In bytes. */
export const mostFileBytes = 16 * 1024 ** 2;

/** Puts a file there, with its mode (`0o644` unless it has one). Throws what the guest's kernel would say. */
export function writeFile(system: System, path: string, text: string, mode?: number): void {
  if (text.length > mostFileBytes) throw new Error('No space left on device');
  system.files[path] = text;
  if (mode !== undefined) setMode(system, path, mode);
}

export function removeFile(system: System, path: string): void {
  delete system.files[path];
  delete system.modes?.[path];
}

export function setMode(system: System, path: string, mode: number): void {
  system.modes = { ...system.modes, [path]: mode };
}

export const modeOf = (system: System, path: string): number => system.modes?.[path] ?? 0o644;

/** Where a path leads that may be relative to the user's home. */
export function fullPath(path: string, user: string): string {
  const home = user === 'root' ? '/root' : `/home/${user}`;
  const whole = path.startsWith('/') ? path : `${home}/${path.replace(/^~\//, '')}`;
  return whole.replace(/\/(\.\/)*(\.?$)?/g, '/').replace(/(.)\/$/, '$1');
}

/** The store has files alone: a folder is what has a file in it, or what every system has. */
export function isFolder(system: System, path: string): boolean {
  return /^(\/|\/(tmp|root|etc|opt|srv|var|var\/tmp|home\/[^/]+))$/.test(path) || filesIn(system, path).length > 0;
}

export function filesIn(system: System, folder: string): string[] {
  return Object.keys(system.files).filter((path) => path.startsWith(`${folder}/`));
}
