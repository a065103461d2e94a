import { clip } from '../../clip.ts';

/** What Slack takes, from the comments of `@slack/types` and its issue tracker; lengths in UTF-16 units. */
export const most = {
  messageBlocks: 50,
  homeBlocks: 100,
  /** Of a message's blocks in all, as JSON. Slack documents no number; it was seen to refuse somewhat over 13,200 characters. */
  messageCharacters: 13_000,
  /** A view has 250 kB. */
  homeCharacters: 100_000,
  text: 3000,
  header: 150,
  fields: 10,
  field: 2000,
  smallPieces: 10,
  buttons: 25,
  label: 75,
  confirm: 300,
  confirmTitle: 100,
  confirmLabel: 30,
  url: 3000,
  /** The heading is one of them. */
  tableRows: 100,
  tableColumns: 20,
  /** Of a modal's title, and of its buttons. */
  viewTitle: 24,
  options: 100,
  option: 75,
  checkboxes: 10,
  input: 3000,
  hint: 150,
} as const;

/** The text, or something to see when there is none: Slack refuses empty texts. */
export function filled(text: string, max: number): string {
  return text.trim() === '' ? '–' : clip(text, max);
}
