/** One thing that was looked at. */
export interface Finding {
  /** `Privileges`, `Bridge`. */
  readonly topic: string;
  /** `skipped`: could not be looked at, for a reason that another finding names. */
  readonly state: 'good' | 'warn' | 'bad' | 'skipped';
  /** One or more whole sentences. */
  readonly text: string;
  /** What to do now: a command to type, or a sentence. */
  readonly next?: string;
}

/** How a state looks in front of what was found. */
export const marks = { good: '✓', warn: '!', bad: '✗', skipped: '–' } as const;

export const good = (topic: string, text: string): Finding => ({ topic, state: 'good', text });
export const bad = (topic: string, text: string, next: string): Finding => ({ topic, state: 'bad', text, next });
export const warn = (topic: string, text: string, next: string): Finding => ({ topic, state: 'warn', text, next });
export const skipped = (topic: string, text: string): Finding => ({ topic, state: 'skipped', text });
