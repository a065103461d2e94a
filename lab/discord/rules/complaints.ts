import type * as z from 'zod/mini';

/** What is wrong at one place, with Discord's own code for it. */
export interface Complaint {
  readonly path: readonly PropertyKey[];
  readonly code: string;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/** A schema's complaints in Discord's words. */
export function complaintsOf(issues: readonly Issue[], before: readonly PropertyKey[] = []): Complaint[] {
  return issues.flatMap((issue) => {
    const path = [...before, ...issue.path];
    if (issue.code === 'invalid_union') return complaintsOf(bestBranch(issue.errors), path);
    return [{ path, ...inWords(issue) }];
  });
}

/** `components.0.colour`: what the strict schema alone refuses. */
export function unknownProperties(issues: readonly Issue[], before: readonly PropertyKey[] = []): string[] {
  return issues.flatMap((issue) => {
    const path = [...before, ...issue.path];
    if (issue.code === 'invalid_union') return unknownProperties(bestBranch(issue.errors), path);
    return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key].map(String).join('.')) : [];
  });
}

/** The branch that the value was meant for: its `type` fits. */
function bestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const meant = branches.find(
    (issues) => !issues.some(({ path }) => path.length <= 1 && (path[0] ?? 'type') === 'type'),
  );
  return meant ?? branches[0] ?? [];
}

function inWords(issue: Issue): Pick<Complaint, 'code' | 'message'> {
  if (issue.code === 'too_big') {
    return issue.origin === 'number'
      ? { code: 'NUMBER_TYPE_MAX', message: `int value should be less than or equal to ${issue.maximum}.` }
      : { code: 'BASE_TYPE_BAD_LENGTH', message: `Must be ${issue.maximum} or fewer in length.` };
  }
  if (issue.code === 'too_small') {
    return issue.origin === 'number'
      ? { code: 'NUMBER_TYPE_MIN', message: `int value should be greater than or equal to ${issue.minimum}.` }
      : { code: 'BASE_TYPE_BAD_LENGTH', message: `Must be ${issue.minimum} or more in length.` };
  }
  if (issue.code === 'invalid_value') {
    return { code: 'BASE_TYPE_CHOICES', message: `Value must be one of {${issue.values.map(String).join(', ')}}.` };
  }
  if (issue.code === 'invalid_type') {
    return issue.input === undefined
      ? { code: 'BASE_TYPE_REQUIRED', message: `This field is required (${issue.expected})` }
      : { code: 'MODEL_TYPE_CONVERT', message: `Could not interpret this as ${issue.expected}.` };
  }
  return { code: 'BASE_TYPE_INVALID', message: issue.message };
}
