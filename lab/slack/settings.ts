/** The limits of the real service, or what a test wants instead. Times in ms. */
export interface Settings {
  /** How long Slack waits for an acknowledgement. */
  readonly ackMs: number;
  /** How long a trigger opens a modal. */
  readonly triggerMs: number;
  /** How long and how often a response_url answers. */
  readonly responseUrlMs: number;
  readonly responseUrlUses: number;
  /** When an event that was not acknowledged is brought again. */
  readonly eventRetriesMs: readonly number[];
  /** For how long a message can be edited; a workspace can restrict it. */
  readonly editWindowMs: number;
  readonly mostSockets: number;
  /** How long a socket stays open after Slack asked for a new one. */
  readonly refreshMs: number;
  /** Of all blocks of a message, as JSON. Slack does not tell its number; this is what people have met. */
  readonly mostBlockCharacters: number;
  /** The share of the real limits that is granted: 1 is Slack's, 2 twice as much, Infinity none at all. */
  readonly rateLimits: number;
}

export const realSettings: Settings = {
  ackMs: 3_000,
  triggerMs: 3_000,
  responseUrlMs: 30 * 60_000,
  responseUrlUses: 5,
  eventRetriesMs: [0, 60_000, 300_000],
  editWindowMs: Number.POSITIVE_INFINITY,
  mostSockets: 10,
  refreshMs: 10_000,
  mostBlockCharacters: 13_200,
  rateLimits: 1,
};
