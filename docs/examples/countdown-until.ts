// A subscription that is given a hundred seconds: the Python sample of gql.
//
//   npx tsx docs/examples/countdown-until.ts <url> [seconds]
import { graphqlSocket } from 'rx-graphql-ws';
import { takeUntil, timer } from 'rxjs';

const [url = 'ws://127.0.0.1:4000/graphql', seconds = '100'] = process.argv.slice(2);

const socket = graphqlSocket({ url });

socket
  .subscribe$<{ countdown: { number: number } }>({
    query: 'subscription Countdown($count: Int!) { countdown(count: $count) { number } }',
    variables: { count: 1_000 },
  })
  .pipe(takeUntil(timer(Number(seconds) * 1_000)))
  .subscribe({
    next: ({ countdown }) => {
      console.log(countdown.number);
    },
    error: (error: unknown) => {
      console.error(String(error));
      process.exitCode = 1;
    },
    complete: () => {
      console.log('done');
    },
  });
