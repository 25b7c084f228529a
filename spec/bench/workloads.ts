import type { Workload } from './workload.js';
import { consumers } from './workloads/consumers.js';
import { latency } from './workloads/latency.js';
import { operations } from './workloads/operations.js';
import { pacedFeeds } from './workloads/paced.js';
import { recovered } from './workloads/recovered.js';
import { skipping } from './workloads/skipping.js';
import { throughput } from './workloads/throughput.js';

/** All there are, in the order in which they run. */
export const workloads: readonly Workload[] = [
  ...throughput,
  ...skipping,
  ...operations,
  ...recovered,
  ...latency,
  ...pacedFeeds,
  ...consumers,
];
