import { expect } from 'chai';
import { describe, it } from 'mocha';
import { createAccount, type Cell } from '../../lib/demo/account.js';

/** An account, and what it told of the blocks. */
function watched() {
  const told: [block: number, cell: Cell][] = [];
  return { told, account: createAccount((...cell) => told.push(cell)) };
}

describe('the account of the demo', () => {
  it('counts nothing before it begins', () => {
    const { account } = watched();
    account.take(1, false);
    account.take(1, false);
    account.take(2, true);
    account.settle(9);
    const none = { sent: 0, received: 0, recovered: 0, missing: 0, duplicate: 0 };
    expect(account.totals()).to.deep.equal(none);
  });

  it('tells what became of each block', () => {
    const { account, told } = watched();
    account.begin(10);
    account.take(10, false);
    account.take(12, false);
    account.settle(12);
    account.take(11, true);
    account.take(12, false);
    expect(told).to.deep.equal([
      [10, 'received'],
      [12, 'received'],
      [11, 'missing'],
      [11, 'recovered'],
      [12, 'duplicate'],
    ]);
    const totals = { sent: 3, received: 3, recovered: 1, missing: 0, duplicate: 1 };
    expect(account.totals()).to.deep.equal(totals);
  });

  it('takes a block that was only slow for received', () => {
    const { account, told } = watched();
    account.begin(1);
    account.settle(1);
    expect(account.totals()).to.include({ received: 0, missing: 1 });
    account.take(1, false);
    expect(account.totals()).to.include({ received: 1, missing: 0, recovered: 0 });
    expect(told.at(-1)).to.deep.equal([1, 'received']);
  });

  it('tells of a missing block once, and does not go back', () => {
    const { account, told } = watched();
    account.begin(1);
    account.settle(2);
    account.settle(1);
    account.settle(2);
    expect(told).to.deep.equal([
      [1, 'missing'],
      [2, 'missing'],
    ]);
    expect(account.totals()).to.include({ sent: 2, missing: 2 });
  });

  it('begins anew, and keeps what it has already of the blocks that count', () => {
    const { account } = watched();
    account.begin(1);
    account.settle(2);
    account.take(3, false);
    account.take(3, false);
    account.begin(3);
    account.take(2, true);
    account.settle(4);
    const totals = { sent: 2, received: 1, recovered: 0, missing: 1, duplicate: 0 };
    expect(account.totals()).to.deep.equal(totals);
  });
});
