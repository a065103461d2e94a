/** Questions to one person, asked at once. What is sent back goes to `ChatListener.submit` with the form's token. */
export interface Form {
  /** Opaque to the platform; understood by any gateway. At most 100 characters. */
  readonly token: string;
  readonly title: string;
  /** What the button says that sends it. */
  readonly send: string;
  /** One sentence above the fields. */
  readonly about?: string;
  /**
   * The most important first. A platform that can show fewer shows the first ones and, for a command's form, in their place one text field named
   * {@link moreField}, whose words are taken as typed: `--cpus 4 --node pve2`.
   */
  readonly fields: readonly Field[];
  /** It makes a command line, so {@link moreField} is understood. */
  readonly takesMore?: true;
}

export const moreField = 'more';

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly about: string;
  /** `word`: text for which `ChatListener.words` knows what fits. `long`: several lines. */
  readonly kind: 'text' | 'long' | 'choice' | 'word' | 'flag';
  readonly required: boolean;
  readonly choices?: readonly string[];
  readonly initial?: string;
  /** How many characters at most. */
  readonly max?: number;
}

/** Whether what came of a command or a press is a form to show. */
export function isForm(heard: unknown): heard is Form {
  return typeof heard === 'object' && heard !== null && 'fields' in heard;
}
