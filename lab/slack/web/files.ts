import type { World } from '../world.ts';
import { fileIn } from './body.ts';
import type { Sent } from './send.ts';

/** The bytes of a file that was announced by files.getUploadURLExternal. */
export async function takeUpload(world: World, id: string, type: string, bytes: Buffer): Promise<Sent> {
  const file = world.files.get(id);
  if (!file) return { status: 404, body: { ok: false, error: 'file_not_found' } };
  const content = await fileIn(type, bytes);
  if (content.length !== file.size) {
    const problem = `${file.name}: ${content.length} bytes came, ${file.size} were announced`;
    world.violations.push({ kind: 'wrong-payload', where: 'upload', problems: [problem] });
  }
  file.bytes = content;
  return { body: { ok: true, file_id: id } };
}
