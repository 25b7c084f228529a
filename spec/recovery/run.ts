import { type ModelOptions, runModel } from './model/run.js';
import { accountForFeed, faultsOf, protocols } from './real/account-for-feed.js';

/** The model and the real servers, longer than `npm test` has time for. Resolves with whether all was as it should be. */
export async function runRecovery({
  seconds,
  ...options
}: ModelOptions & { readonly seconds: number }): Promise<boolean> {
  const { failure, ...numbers } = runModel(options);
  console.log(`the model, seed ${options.seed}: ${JSON.stringify(numbers)}`);
  const faults = failure === undefined ? [] : [failure];
  for (const protocol of protocols) {
    const slowness = { lag: 2_000, latency: 1_000 };
    const accounts = await accountForFeed(protocol, seconds * 1_000, slowness);
    console.log(
      `${protocol}, connections dropped 300 ms after their first operation, ${seconds} s`,
    );
    const rows = accounts.map(({ way, isExact, losses, rows: got, ...account }) => {
      const { lost, unmarked, duplicated, outOfOrder, gaps } = account;
      return [way, { losses, rows: got, lost, unmarked, duplicated, outOfOrder, gaps, isExact }];
    });
    console.table(Object.fromEntries(rows));
    faults.push(...accounts.flatMap(faultsOf));
  }
  for (const fault of faults) console.error(fault);
  return faults.length === 0;
}
