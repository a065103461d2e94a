import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shellWord } from '#base/shell-word.ts';
import { runCommand } from './command.ts';
import type { Workshop } from './workshop.ts';

const suite = 'bookworm';

/**
 * Builds the image's root directory in the workshop with mmdebstrap and answers its path. Packages come from where this machine gets
 * its own, through the same proxies.
 */
export async function buildRoot(source: string, work: Workshop, onProgress: (line: string) => void): Promise<string> {
  const root = join(work.folder, 'root');
  const settings = join(work.folder, 'apt.conf');
  const recipe = join(work.folder, 'recipe');
  await cp(source, recipe, { recursive: true });
  await writeFile(settings, await networkSettings());
  const packages = (await readFile(join(recipe, 'packages.txt'), 'utf8')).trim().split('\n');
  const args = [
    ...['--variant=minbase', '--format=directory', `--include=${packages.join(',')}`],
    ...[`--aptopt=${settings}`, `--aptopt=${join(recipe, 'root/etc/apt/apt.conf.d/90-lab')}`],
    `--dpkgopt=${join(recipe, 'root/etc/dpkg/dpkg.cfg.d/90-lab')}`,
    `--customize-hook=${shellWord(join(recipe, 'customize.sh'))} "$1"`,
    ...[suite, root, '-'],
  ];
  await runCommand('mmdebstrap', args, { input: await sources(), onOutput: stageReader(onProgress) });
  return root;
}

/** This machine's Debian mirrors, asked for the image's release. */
async function sources(): Promise<string> {
  const format = '$(REPO_URI) $(RELEASE) $(COMPONENT)';
  const filters = ['Created-By: Packages', 'Origin: Debian', 'Component: main'];
  const printed = await runCommand('apt-get', ['indextargets', '--format', format, ...filters]);
  const lines = printed
    .trim()
    .split('\n')
    .map((line) => /^(\S+) [a-z]+(-updates|-security)? main$/.exec(line))
    .filter((match) => match !== null)
    .map(([, uri, pocket = '']) => `deb ${uri} ${suite}${pocket} main`);
  if (lines.length === 0) {
    throw new Error(
      "apt knows no Debian packages on this machine, so the lab's image cannot be built. Run `apt-get update` first.",
    );
  }
  return `${[...new Set(lines)].join('\n')}\n`;
}

/** Proxies and the like, which mmdebstrap does not take from the machine by itself. */
async function networkSettings(): Promise<string> {
  const dump = await runCommand('apt-config', ['dump', '--no-empty', '--format', '%F "%v";%n', 'Acquire']);
  const kept = dump.split('\n').filter((line) => /^Acquire::(https?|Check-|Retries|ForceIPv[46])/.test(line));
  return `${kept.join('\n')}\n`;
}

/** mmdebstrap tells its stages as `I: downloading packages with apt...`. */
function stageReader(onProgress: (line: string) => void): (text: string) => void {
  return (text) => {
    for (const [, stage] of text.matchAll(/^I: ((?:downloading|extracting|installing|running --customize).*)$/gm)) {
      onProgress(`Building the image: ${stage?.replace(/^running --customize.*/, 'making it a cloud image...')}`);
    }
  };
}
