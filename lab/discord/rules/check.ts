import type * as z from 'zod/mini';
import { DiscordError, nest } from '../error.ts';
import type { Violation, World } from '../world.ts';
import { type Complaint, complaintsOf, unknownProperties } from './complaints.ts';
import { strict } from './strict.ts';

/** A request's schema, and the same one that names unknown properties. */
export interface Shape {
  readonly loose: z.ZodMiniType;
  readonly strict: z.ZodMiniType;
}

export function shape(schema: z.ZodMiniType): Shape {
  return { loose: schema, strict: strict(schema) };
}

/** Refuses a body as Discord does: 50035, nested. What Discord would silently leave out is kept as a violation. */
export function checkRequest(world: World, where: string, wanted: Shape, body: unknown): void {
  const result = wanted.loose.safeParse(body, { reportInput: true });
  if (!result.success) refuse(world, where, complaintsOf(result.error.issues));
  const exact = wanted.strict.safeParse(body);
  const unknown = exact.success ? [] : unknownProperties(exact.error.issues);
  if (unknown.length > 0) note(world, { kind: 'unknown-property', where, problems: unknown });
}

/** 50035 for what a schema cannot say. */
export function refuse(world: World, where: string, complaints: readonly Complaint[]): never {
  note(world, { kind: 'wrong-request', where, problems: complaints.map(sentence) });
  throw new DiscordError(50035, { errors: nest(complaints) });
}

/** Keeps what the lab itself did wrong. Properties that the schema does not name are common in real answers too. */
export function checkOwn(
  world: World,
  kind: Violation['kind'],
  where: string,
  wanted: z.ZodMiniType,
  value: unknown,
): void {
  const result = wanted.safeParse(value);
  if (!result.success) note(world, { kind, where, problems: complaintsOf(result.error.issues).map(sentence) });
}

function note(world: World, violation: Violation): void {
  world.violations.push(violation);
  world.changes.tell();
}

function sentence({ path, message }: Complaint): string {
  return `${path.map(String).join('.') || '(body)'}: ${message}`;
}
