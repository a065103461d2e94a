import { tellWritten } from '../../deliver/message-events.ts';
import { writeMessage } from '../../messages.ts';
import { showFile } from '../../show/file.ts';
import type { SlackFile } from '../../world.ts';
import { readContent } from '../content.ts';
import { SlackError, slackError } from '../error.ts';
import { method } from '../method.ts';
import { threadRoot, whereToPost } from '../where.ts';

const write = ['files:write'];

export const fileMethods = {
  'files.getUploadURLExternal': method({
    scopes: write,
    tier: 4,
    args: { filename: 'string!', length: 'number!', alt_txt: 'string', snippet_type: 'string' },
    run({ world, args }) {
      if (args.length < 1)
        throw slackError('invalid_arguments', ['[ERROR] must be greater than 0 [json-pointer:/length]']);
      const file: SlackFile = {
        id: world.newId('F'),
        name: args.filename,
        title: args.filename,
        createdAt: world.clock.now(),
        size: args.length,
        bytes: undefined,
        channels: new Set(),
      };
      world.files.set(file.id, file);
      return { upload_url: `${world.origin}/upload/${file.id}`, file_id: file.id };
    },
  }),

  'files.completeUploadExternal': method({
    scopes: write,
    tier: 4,
    args: {
      files: 'json!',
      channel_id: 'string',
      channels: 'string',
      thread_ts: 'string',
      initial_comment: 'string',
      blocks: 'json',
    },
    run({ world, args }) {
      const wanted = args.files as readonly { readonly id: string; readonly title?: string }[];
      const files = wanted.map(({ id, title }) => {
        const file = world.files.get(id);
        if (!file?.bytes) throw new SlackError('file_not_found');
        file.title = title ?? file.name;
        return file;
      });
      const { userId: user, botId } = world.app;
      for (const id of (args.channels ?? args.channel_id ?? '').split(',').filter(Boolean)) {
        const channel = whereToPost(world, id);
        if (!channel.members.has(user)) throw new SlackError('channel_not_found');
        const comment = { text: args.initial_comment, blocks: args.blocks };
        const says =
          comment.text || comment.blocks ? readContent(world, comment) : { text: '', blocks: [], attachments: [] };
        for (const file of files) file.channels.add(channel.id);
        const threadTs = threadRoot(world, channel, args.thread_ts);
        const ids = files.map((file) => file.id);
        tellWritten(
          world,
          writeMessage(world, { channel: channel.id, user, botId, threadTs, files: ids, content: says }),
        );
      }
      return { files: files.map((file) => showFile(world, file)) };
    },
  }),

  'files.info': method({
    scopes: ['files:read'],
    tier: 4,
    args: { file: 'string!', count: 'number', page: 'number', cursor: 'string', limit: 'number' },
    run({ world, args }) {
      const file = showFile(world, world.files.get(args.file));
      if (!file) throw new SlackError('file_not_found');
      return { file, comments: [], response_metadata: { next_cursor: '' } };
    },
  }),
};
