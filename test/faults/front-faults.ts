import type { Fault } from './faults.ts';

/** Where a gateway reaches out, or writes down what people said. */
export const frontSite = /^(before|after) (runs|chat|outbox)[ /]/;

const fits = (site: string) => frontSite.test(site);

/** Of a gateway, and of the way between it and Redis. */
export const frontFaults: readonly Fault[] = [
  {
    name: 'kill -9 of the gateway',
    fits,
    async strike({ play: { stage } }) {
      const dead = stage.front.die();
      await stage.replaceFront();
      return dead;
    },
  },
  {
    name: 'the gateway stands still past its lease',
    fits: (site) => site.includes(' chat '),
    async strike({ play: { stage }, random, later }) {
      const { front } = stage;
      const frozen = front.freeze();
      await stage.replaceFront();
      later(5_200 + random() * 1_000, () => front.thaw());
      return frozen;
    },
  },
  { name: 'the gateway loses its connection to Redis', fits, strike: ({ play }) => play.stage.front.redis.reset() },
  { name: 'the gateway loses an answer of Redis', fits, strike: ({ play }) => play.stage.front.redis.loseAnswer() },
  {
    name: 'Redis does not answer the gateway for longer than it waits',
    fits,
    strike({ play: { stage }, later }) {
      const { redis } = stage.front;
      redis.pause();
      later(2_300, () => redis.resume());
    },
  },
];
