/** One thing that was looked at. */
export interface Finding {
  /** `Privileges`, `Bridge`. */
  readonly topic: string;
  /** `skipped`: could not be looked at, for a reason that another finding names. */
  readonly state: 'good' | 'warn' | 'bad' | 'skipped';
  /** One or more whole sentences. */
  readonly text: string;
  /** What to do now: one of these. */
  readonly advice: readonly Advice[];
}

/** Something to do. */
export interface Advice {
  /** When it is the right thing, where the doctor can't know. */
  readonly when?: string;
  /** A command to type, or a sentence. */
  readonly next: string;
  /** What else it does. */
  readonly also?: string;
}

/** How a state looks in front of what was found. */
export const marks = { good: '✓', warn: '!', bad: '✗', skipped: '–' } as const;

export const good = (topic: string, text: string): Finding => ({ topic, state: 'good', text, advice: [] });
export const bad = (topic: string, text: string, next: string | readonly Advice[]): Finding => ({
  ...{ topic, state: 'bad', text },
  advice: typeof next === 'string' ? [{ next }] : next,
});
export const warn = (topic: string, text: string, next: string): Finding => ({
  ...{ topic, state: 'warn', text },
  advice: [{ next }],
});
export const skipped = (topic: string, text: string): Finding => ({ topic, state: 'skipped', text, advice: [] });
