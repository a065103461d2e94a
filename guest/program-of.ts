/**
 * The program that a command line begins with, for errors: `cloud-init` of
 * `sudo -n cloud-init status`. Nothing else of the line, where secrets may stand.
 */
export function programOf(command: string): string {
  for (const word of command.trim().split(/\s+/)) {
    if (word === 'sudo' || word.startsWith('-')) continue;
    if (/^[\w./+-]{1,100}$/.test(word)) return word;
    break;
  }
  return 'a command';
}
