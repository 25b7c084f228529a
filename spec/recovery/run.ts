import { killAtRandom } from './killed/kill-at-random.js';
import { type ModelOptions, runModel } from './model/run.js';
import { accountForFeed, faultsOf, type FeedAccount, protocols } from './real/account-for-feed.js';
import { accountForRenewals } from './real/renewals.js';

interface Asked extends ModelOptions {
  readonly seconds: number;
  readonly renewals: number;
  readonly kills: number;
}

/** The model, the real servers and the killed process, longer than `npm test` has time for. Resolves with whether all was as it should be. */
export async function runRecovery({
  seconds,
  renewals,
  kills,
  ...options
}: Asked): Promise<boolean> {
  const { failure, ...numbers } = runModel(options);
  console.log(`the model, seed ${options.seed}: ${JSON.stringify(numbers)}`);
  const faults = failure === undefined ? [] : [failure];
  for (const protocol of protocols) {
    const slowness = { lag: 2_000, latency: 1_000 };
    const accounts = await accountForFeed(protocol, seconds * 1_000, slowness);
    tell(
      `${protocol}, connections dropped 300 ms after their first operation, ${seconds} s`,
      accounts,
    );
    const renewed = await accountForRenewals(protocol, renewals);
    tell(`${protocol}, sockets replaced ${renewals} times`, renewed);
    faults.push(...[...accounts, ...renewed].flatMap(faultsOf));
  }
  const { rows, ...stored } = await killAtRandom(kills, options.seed);
  const { lost, duplicated, outOfOrder } = stored;
  console.log(
    `killed ${kills} times under 200 events a second: ${JSON.stringify({ rows, lost, duplicated, outOfOrder })}`,
  );
  if (lost + duplicated + outOfOrder > 0) faults.push('the store of a killed process is not exact');
  for (const fault of faults) console.error(fault);
  return faults.length === 0;
}

function tell(title: string, accounts: readonly FeedAccount[]): void {
  console.log(title);
  const rows = accounts.map(({ way, isExact, losses, rows: got, ...account }) => {
    const { lost, unmarked, duplicated, outOfOrder, gaps } = account;
    return [way, { losses, rows: got, lost, unmarked, duplicated, outOfOrder, gaps, isExact }];
  });
  console.table(Object.fromEntries(rows));
}
