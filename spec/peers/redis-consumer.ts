// Follows a feed with its cursor in Redis, and is killed: `<url of the feed> <url of Redis>`.
import { createClient } from 'redis';
import { graphqlSocket } from 'rx-graphql-ws';
import { follow } from '../../docs/examples/recovery/stored-in-redis.js';

const [url = '', redisUrl = ''] = process.argv.slice(2);
const redis = createClient({ url: redisUrl });
await redis.connect();
follow(graphqlSocket({ url }), redis as never, async ({ id }) => {
  await redis.rPush('handled', id);
}).subscribe();
