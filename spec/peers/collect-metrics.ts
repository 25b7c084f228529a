import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';

type Point = Record<string, unknown> & { readonly value: number };

/** Collects what instruments measure that are made from here on. */
export function collectMetrics() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  /** Each metric's points: their attributes, and a sum or a count. */
  return async (): Promise<ReadonlyMap<string, readonly Point[]>> => {
    await reader.forceFlush();
    const latest = exporter.getMetrics().at(-1)!;
    return new Map(
      latest.scopeMetrics[0]!.metrics.map(({ descriptor, dataPoints }) => [
        descriptor.name,
        dataPoints.map(({ attributes, value }) => ({
          ...attributes,
          value: typeof value === 'number' ? value : value.count,
        })),
      ]),
    );
  };
}
