// Reads the feed into Redis, and is killed: `<url of the feed> <url of Redis>`.
import { createClient } from 'redis';
import { graphqlSocket } from 'rx-graphql-ws';
import { read } from '../../../docs/examples/fan-out/reader.js';

const [url = '', redisUrl = ''] = process.argv.slice(2);
const redis = createClient({ url: redisUrl });
await redis.connect();
const log = (text: string) => console.log(text);
read(graphqlSocket({ url, retry: { delay: 50 } }), redis as never, log).subscribe();
