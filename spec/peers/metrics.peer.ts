import { expect } from 'chai';
import { describe, it } from 'mocha';
import { graphqlSocket } from 'rx-graphql-ws';
import { recover } from 'rx-graphql-ws/recovery';
import { graphqlTestServer } from 'rx-graphql-ws/testing/server';
import { interval, map } from 'rxjs';
import { eventually } from '../helpers/eventually.js';
import { collectMetrics } from './collect-metrics.js';

describe('the example of metrics with OpenTelemetry', () => {
  it('exports connections, losses, frames, latencies and gaps', async () => {
    const read = collectMetrics();
    // its instruments belong to the provider that there is when it is loaded
    const { countGaps, measure } = await import('./examples/metrics.js');

    const server = await graphqlTestServer({
      handle: () => interval(10).pipe(map((n) => ({ data: { n } }))),
    });
    const socket = graphqlSocket({ url: server.url, retry: { delay: 10 }, pingInterval: 20 });
    const measuring = measure(socket);
    let rows = 0;
    const stream = recover(socket, 'subscription { n }')
      .pipe(countGaps('n'))
      .subscribe(() => (rows += 1));
    await eventually(() => expect(rows).to.be.greaterThan(4));
    const before = await read();
    expect(before.get('graphql.client.connections')).to.deep.equal([{ value: 1 }]);
    server.drop();
    await eventually(() => expect(server.ledger.opened).to.have.length(2));
    const known = rows;
    await eventually(() => expect(rows).to.be.greaterThan(known + 6));
    stream.unsubscribe();
    socket.close();
    measuring.unsubscribe();
    await server.stop();

    const after = await read();
    expect(after.get('graphql.client.connections')).to.deep.equal([{ value: 0 }]);
    expect(after.get('graphql.client.losses')).to.deep.equal([
      { error: 'ConnectionClosedError', state: 'waiting', value: 1 },
    ]);
    expect(after.get('graphql.client.gaps')).to.deep.equal([
      { stream: 'n', failed: false, value: 1 },
    ]);
    const results = after
      .get('graphql.client.frames')!
      .find(({ direction, type }) => direction === 'received' && type === 'next');
    expect(results!.value).to.be.at.least(rows - 1);
    expect(after.get('graphql.client.first_result')).to.deep.equal([{ value: 2 }]);
    expect(after.get('graphql.client.ping')![0]!.value).to.be.at.least(1);
  });
});
