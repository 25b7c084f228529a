// Counts the rows that are in Redis, and is killed: `<url of Redis>`.
import { createClient } from 'redis';
import { work } from '../../../docs/examples/fan-out/worker.js';

const [redisUrl = ''] = process.argv.slice(2);
const redis = createClient({ url: redisUrl });
await redis.connect();
work(redis as never, (row) => String((JSON.parse(row) as { id: number }).id)).subscribe();
