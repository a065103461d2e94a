import { stringify } from 'yaml';
import { makeManifest } from '#chat/slack/manifest.ts';
import { commands } from '#commands/table.ts';
import type { Config } from './config.ts';

/** The manifest of the Slack app, as YAML, made from the commands: `botswain manifest`. */
export function slackManifest(settings: Config['slack']): string {
  const { mode = 'socket', url, prefix = '' } = settings ?? {};
  const head = '# Made by `./botswain manifest > manifest.yaml`; paste it at api.slack.com/apps, "From a manifest".\n';
  return `${head}${stringify(makeManifest(commands, { mode, url, prefix }))}`;
}
