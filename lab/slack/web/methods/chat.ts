import { tellChanged, tellWritten } from '../../deliver/message-events.ts';
import { withIds, writeMessage } from '../../messages.ts';
import { showMessage } from '../../show/message.ts';
import { contentArgs, odd, readContent, readMetadata } from '../content.ts';
import { SlackError } from '../error.ts';
import { method } from '../method.ts';
import { messageAt, threadRoot, visible, whereToPost } from '../where.ts';

const write = ['chat:write'];

export const chatMethods = {
  'chat.postMessage': method({
    scopes: write,
    tier: 'post',
    args: {
      ...contentArgs,
      channel: 'string!',
      thread_ts: 'string',
      reply_broadcast: 'boolean',
      metadata: 'json',
      unfurl_links: 'boolean',
      unfurl_media: 'boolean',
      mrkdwn: 'boolean',
      as_user: 'boolean',
      username: 'string',
      icon_emoji: 'string',
      icon_url: 'string',
    },
    run({ world, args, violation }) {
      const channel = whereToPost(world, args.channel);
      const content = readContent(world, args);
      const unread = odd(content);
      if (unread.length > 0) violation(unread);
      const { userId: user, botId } = world.app;
      const message = writeMessage(world, {
        channel: channel.id,
        user,
        botId,
        threadTs: threadRoot(world, channel, args.thread_ts),
        broadcast: args.reply_broadcast,
        content,
        metadata: readMetadata(args.metadata) ?? undefined,
      });
      tellWritten(world, message);
      return { channel: channel.id, ts: message.ts, message: showMessage(world, message, { metadata: true }) };
    },
  }),

  'chat.update': method({
    scopes: write,
    tier: 3,
    args: {
      ...contentArgs,
      channel: 'string!',
      ts: 'string!',
      metadata: 'json',
      as_user: 'boolean',
      reply_broadcast: 'boolean',
      file_ids: 'json',
    },
    run({ world, args }) {
      const { app, clock, settings } = world;
      const channel = visible(world, args.channel);
      if (channel.archived) throw new SlackError('is_inactive');
      const message = messageAt(world, channel, args.ts);
      if (message.user !== app.userId) throw new SlackError('cant_update_message');
      if (clock.now() - message.createdAt > settings.editWindowMs) throw new SlackError('edit_window_closed');
      if ((args.text?.length ?? 0) > 4_000) throw new SlackError('msg_too_long');
      const content = readContent(world, args);
      const metadata = readMetadata(args.metadata);
      // With blocks there is no "(edited)" behind a message; with a text alone, its blocks go.
      if (content.blocks.length === 0) message.editedTs = world.newTs();
      message.content = { ...content, blocks: withIds(world, content.blocks) };
      if (metadata !== undefined) message.metadata = metadata ?? undefined;
      message.edits += 1;
      tellChanged(world, message);
      const shown = showMessage(world, message, { metadata: true });
      return { channel: channel.id, ts: message.ts, text: content.text, message: shown };
    },
  }),

  'chat.delete': method({
    scopes: write,
    tier: 3,
    args: { channel: 'string!', ts: 'string!', as_user: 'boolean' },
    run({ world, args }) {
      const channel = visible(world, args.channel);
      const message = messageAt(world, channel, args.ts);
      if (message.user !== world.app.userId) throw new SlackError('cant_delete_message');
      world.messages.delete(`${channel.id} ${args.ts}`);
      return { channel: channel.id, ts: args.ts };
    },
  }),

  'chat.postEphemeral': method({
    scopes: write,
    tier: 4,
    args: {
      ...contentArgs,
      channel: 'string!',
      user: 'string!',
      thread_ts: 'string',
      as_user: 'boolean',
      username: 'string',
      icon_emoji: 'string',
      icon_url: 'string',
    },
    run({ world, args, violation }) {
      const channel = whereToPost(world, args.channel);
      if (!channel.members.has(args.user)) throw new SlackError('user_not_in_channel');
      const content = readContent(world, args);
      const unread = odd(content);
      if (unread.length > 0) violation(unread);
      const { userId: user, botId } = world.app;
      const threadTs = threadRoot(world, channel, args.thread_ts);
      const { ts } = writeMessage(world, { channel: channel.id, user, botId, threadTs, onlyFor: args.user, content });
      return { message_ts: ts };
    },
  }),

  'chat.getPermalink': method({
    tier: 'special',
    args: { channel: 'string!', message_ts: 'string!' },
    run({ world, args }) {
      const channel = visible(world, args.channel);
      messageAt(world, channel, args.message_ts);
      const permalink = `${world.origin}/archives/${channel.id}/p${args.message_ts.replace('.', '')}`;
      return { channel: channel.id, permalink };
    },
  }),
};
