import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { from, lastValueFrom, mergeMap, tap } from 'rxjs';
import { catalogue, elsewhere } from './catalogue.js';
import type { broken } from './clients/broken.js';
import { catalogueIds } from './row.js';
import { transient } from './rows/transient.js';
import { compileRow, type FaultResult, runFault } from './run-fault.js';
import { table } from './table.js';

/** A defect, a row that shows it, and the words of the verdict. */
const defects: readonly (readonly [defect: keyof typeof broken, row: string, words: RegExp])[] = [
  ['gives-up', 'D2-1001', /Victim ended: .*closed: 1001/s],
  ['gives-up', 'A4-no-answer', /Neighbour ended: .*could not connect/s],
  ['never-gives-up', 'A8-404', /Victim ended: \[\]/],
  ['never-gives-up', 'A7-refused', /\d dials, not 2/],
  ['swallows', 'C10-error-string', /Victim ended: \[\]/],
  ['subscribes-twice', 'D2-1001', /at the server live: .*'Victim', 'Victim'/s],
  ['delivers-twice', 'D2-1001', /Victim got row (\d+) after row \1/],
  ['throws', 'D2-1001', /uncaught: Error: thrown on purpose/],
  ['rejects', 'D2-1001', /unhandled: Error: rejected on purpose/],
  ['never-ends', 'D2-1001', /still open 1 s after the end: .*Timeout/],
  ['hangs', 'D2-1001', /hung: killed after \d+ ms/],
  ['tells', 'D2-1001', /closed with 4000 .*hunter2/],
  // a close by the server would end the one socket too many
  ['keeps-a-socket', 'C2-unknown', /open 1 s after close\(\): 1 sockets/],
  ['keeps-a-socket', 'C5-id-unknown', /2 sockets, not one/],
];

const jobs = [
  ...table.map(({ id }) => ({ id, client: 'rx-graphql-ws' })),
  ...defects.map(([defect, id]) => ({ id, client: `broken: ${defect}` })),
];

describe('the table of faults', () => {
  const waiting = new Map<string, (result: FaultResult) => void>();
  const results = new Map(
    jobs.map(({ id, client }) => {
      const key = `${id} ${client}`;
      return [key, new Promise<FaultResult>((resolve) => waiting.set(key, resolve))] as const;
    }),
  );
  const resultOf = async (id: string, client = 'rx-graphql-ws') => {
    const { lost, untidy } = (await results.get(`${id} ${client}`))!;
    return [...lost, ...untidy].join('\n');
  };
  before(async function () {
    this.timeout(30_000);
    const program = await compileRow();
    const all$ = from(jobs).pipe(
      mergeMap(({ id, client }) => {
        const limit = client === 'broken: hangs' ? 5_000 : 20_000;
        return runFault(program, id, client, { limit });
      }, 4),
      tap((result) => waiting.get(`${result.row} ${result.client}`)?.(result)),
    );
    void lastValueFrom(all$);
  });

  it('has thirty transient faults', () => expect(transient).to.have.length(30));

  it('has each number of the catalogue in a row, or tells where it is looked at', () => {
    const inRows = new Set(table.flatMap(catalogueIds));
    const missing = catalogue.filter((id) => !inRows.has(id) && !(id in elsewhere));
    const twice = Object.keys(elsewhere).filter((id) => inRows.has(id) || !catalogue.includes(id));
    expect([missing, twice]).to.deep.equal([[], []]);
  });

  it('names files that exist, where it tells of another place', () => {
    const paths = Object.values(elsewhere).flatMap(
      (reason) => reason.match(/spec\/[\w/.-]*\w/g) ?? [],
    );
    expect(paths).to.have.length.above(5);
    expect(paths.filter((path) => !existsSync(path))).to.deep.equal([]);
  });

  it('has no id twice', () =>
    expect(new Set(table.map(({ id }) => id)).size).to.equal(table.length));

  for (const { id, name, expect: expected } of table) {
    it(`${id}: ${name} (${expected.kind})`, async () => {
      expect(await resultOf(id)).to.equal('');
    }).timeout(240_000);
  }

  for (const [defect, row, words] of defects) {
    it(`sees by ${row} a client that ${defect.replaceAll('-', ' ')}`, async () => {
      expect(await resultOf(row, `broken: ${defect}`)).to.match(words);
    }).timeout(240_000);
  }
});
