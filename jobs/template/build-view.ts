import { spellList } from '#base/spell-list.ts';
import type { PlanView } from '#jobs/engine/job.ts';
import type { BuildPlan } from './build.ts';
import { bootAndInstall, convertToTemplate, createBuilder } from './steps/builder.ts';
import { downloadImage, dropImage, dropSeed, uploadSeed } from './steps/files.ts';

/** The plan of one template's build for people. */
export function describeBuild(build: BuildPlan): PlanView {
  const { template, url, checksum } = build;
  return {
    title: ['build template ', { b: template.name }, ` on ${template.node}`],
    rows: [
      {
        setting: `Template on ${template.node}`,
        value: `VM ${template.vmid}${template.shared ? ', on shared storage for every node' : ''}`,
      },
      { setting: 'Image', value: url },
      { setting: checksum.algorithm.toUpperCase(), value: { code: checksum.hex } },
    ],
    changes: { create: 1, change: 0, destroy: 0 },
    warnings: [],
    steps: [
      downloadImage.label(build),
      uploadSeed.label(build),
      createBuilder.label({ ...build, seed: '' }),
      bootAndInstall.label(build),
      convertToTemplate.label(build),
      dropSeed.label({ ...build, seed: '' }),
      dropImage.label(build),
    ],
  };
}

/** Said of nodes that did not answer in time. */
export const leftOut = (silent: readonly string[]): string =>
  `${spellList(silent)} did not answer in time and ${silent.length === 1 ? 'was' : 'were'} left out.`;
