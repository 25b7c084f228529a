import { quantile } from '../../helpers/measure/statistics.js';
import { ageOf } from '../result.js';
import type { TakeSample } from '../task.js';
import { takePaced } from './paced.js';

/** How old results are when they are handled: µs since the server wrote them. */
export const latency: TakeSample = async (task) => {
  const ages: number[] = [];
  const { results } = await takePaced(task, (data) => ages.push(ageOf(data)));
  return { p50: quantile(ages, 0.5), p99: quantile(ages, 0.99), results };
};
