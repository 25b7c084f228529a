// Follows a feed, and is killed: `<url> <file>`.
import { graphqlSocket } from 'rx-graphql-ws';
import { follow } from '../../../docs/examples/recovery/stored-in-file.js';

const [url = '', file = ''] = process.argv.slice(2);
follow(graphqlSocket({ url }), file, (message) => {
  throw new Error(message);
}).subscribe();
