import { storeContract } from '#chat/web/store-contract.ts';
import { freshRedis } from '#test/redis.ts';
import { openWebStore } from './web-store.ts';

storeContract('a store in Redis', async () => openWebStore(await freshRedis()));
