import { expect } from 'chai';
import { describe } from 'mocha';
import { CulpritSearch } from '../../lib/connection/culprit-search.js';
import type { Operation } from '../../lib/connection/suspects.js';
import { Suspects } from '../../lib/connection/suspects.js';
import { ConnectionClosedError } from '../../lib/errors.js';
import { prepareRequest } from '../../lib/protocol/request.js';
import { advance, test } from '../helpers/test.js';

const operationOf = (prepared: Operation['prepared'], isFirst: boolean): Operation => ({
  id: prepared.request.query ?? '',
  prepared,
  observer: { closed: false, next: () => {}, error: () => {}, complete: () => {} },
  isFirst,
  sent: true,
  stopped: false,
  results: 0,
  refusable: true,
});

const refused = () => new ConnectionClosedError(4500, '', true);

describe('an operation that is told late of a connection', () => {
  test('is sent at once if its group is under test, and suspected with it', () => {
    const search = new CulpritSearch();
    const [early, late, other] = ['early', 'late', 'other'].map((name) =>
      prepareRequest(`subscription { ${name} }`),
    ) as [Operation['prepared'], Operation['prepared'], Operation['prepared']];
    const suspects = [early, late, other].map((prepared) => ({ prepared, sentAt: 0 }));
    search.accuse(refused(), { suspects, testing: false, certain: true });
    const sent: string[] = [];
    const connection = new Suspects(search, (operation) => {
      sent.push(operation.id);
      connection.sent(operation);
    });
    connection.begin();
    const first = operationOf(early, false);
    expect(connection.holds(first)).to.equal(true);
    advance(1);
    expect(sent).to.deep.equal([first.id]);
    const second = operationOf(late, false);
    expect(connection.holds(second)).to.equal(false);
    connection.sent(second);
    // both are suspects, so that neither is the culprit
    expect(connection.accuse(refused())).to.equal(undefined);
    expect(search.isNext(other)).to.equal(true);
  });

  test('may be answered while it is sent: then the next group is tested', () => {
    const search = new CulpritSearch();
    const [one, other] = ['one', 'other'].map((name) =>
      prepareRequest(`subscription { ${name} }`),
    ) as [Operation['prepared'], Operation['prepared']];
    const suspects = [one, other].map((prepared) => ({ prepared, sentAt: 0 }));
    search.accuse(refused(), { suspects, testing: false, certain: true });
    const sent: string[] = [];
    const connection = new Suspects(search, (operation) => {
      sent.push(operation.id);
      connection.sent(operation);
      connection.accepted(operation);
    });
    connection.begin();
    const operations = [one, other].map((prepared) => operationOf(prepared, false));
    for (const operation of operations) connection.holds(operation);
    advance(1);
    expect(sent).to.deep.equal(operations.map(({ id }) => id));
    expect(search.active).to.equal(false);
  });
});
