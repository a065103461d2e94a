/** Arguments that several commands take, in the same words. */
export const theVm = {
  kind: 'text',
  about: 'Its name or VMID.',
  positional: true,
  required: true,
  complete: 'vm',
} as const;

export const theJob = {
  kind: 'text',
  about: 'Its number; the start of it will do.',
  positional: true,
  required: true,
  complete: 'run',
} as const;

export const dryRunFlag = {
  kind: 'flag',
  synonyms: ['dry', 'plan', 'check'],
  about: 'Show the plan and do nothing.',
} as const;

export const keepFlag = { kind: 'flag', about: 'When it fails, leave what was made for a look.' } as const;
