import { concat, EMPTY, firstValueFrom, of, timer, mergeMap } from 'rxjs';
import { graphqlSocket, isGraphQLSocketError } from 'rx-graphql-ws';
import { rigServer } from '../rig/rig-server.js';

/** A conversation with all that names prototypes in it, where prototypes are locked; prints what came of it. */
async function converse(): Promise<object> {
  const server = await rigServer({
    handle: () =>
      concat(
        timer(1).pipe(
          mergeMap(() => {
            for (const name of ['id-prototype', 'type-prototype', 'proto-key'] as const)
              server.garble(name);
            return EMPTY;
          }),
        ),
        of({ data: {} }),
      ),
  });
  const socket = graphqlSocket({
    url: server.url,
    connectionParams: JSON.parse('{"__proto__":{"polluted":1}}') as object,
    retry: false,
  });
  socket.events$.subscribe();
  const request = {
    query: '{ a }',
    variables: JSON.parse('{"__proto__":1}') as object,
    extensions: JSON.parse('{"__proto__":1}') as object,
  };
  const data = await firstValueFrom(socket.query$<object>(request));
  const error: unknown = await firstValueFrom(
    graphqlSocket({ url: 'ws://127.0.0.1:1/', retry: false }).query$('{ a }'),
  ).catch((caught: unknown) => caught);
  socket.close();
  await server.stop();
  return {
    names: Object.keys(data),
    error: isGraphQLSocketError(error) && error.name,
    polluted: 'polluted' in {},
  };
}

if (process.argv.includes('frozen')) Object.freeze(Object.prototype);
console.log(JSON.stringify(await converse()));
