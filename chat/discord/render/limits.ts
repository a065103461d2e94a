/** What Discord takes (developer docs, components reference and message resource); lengths in characters. */
export const most = {
  components: 40,
  /** Of all text in a message. */
  text: 4000,
  buttonsInRow: 5,
  label: 80,
  customId: 100,
  url: 512,
  tableColumns: 60,
  threadName: 100,
  /** In a message. */
  files: 10,
  fileName: 80,
  /** Of all files of a message; a server without boosts takes 10 MiB. */
  fileBytes: 9 * 2 ** 20,
  modalTitle: 45,
  modalFields: 5,
  fieldLabel: 45,
  fieldAbout: 100,
  input: 4000,
  choices: 25,
  choice: 100,
} as const;

/** Discord counts characters, not UTF-16 units; this never says less than it does. */
export const lengthOf = (text: string): number => text.length;
