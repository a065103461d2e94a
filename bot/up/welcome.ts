import { join } from 'node:path';

/** What `up` prints when everything runs. */
export function welcome({
  url,
  lab,
  stateDir,
  tookText,
}: {
  url: string;
  lab: boolean;
  stateDir: string;
  tookText: string;
}): string {
  return [
    '',
    `Botswain is up after ${tookText}:  ${url}`,
    ...(lab ? ['Sign in as Ana or Ben (one approves what the other asks), and type:  /vm create k8s-dev medium'] : []),
    `Logs are in ${join(stateDir, 'log')}. Ctrl-C stops everything.`,
    '',
  ].join('\n');
}
