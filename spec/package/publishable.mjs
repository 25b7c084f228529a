// Refuses to publish a package whose users could not find its home. Nobody invents an address: whoever publishes fills it in.
import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const missing = ['repository', 'homepage', 'bugs'].filter((field) => !manifest[field]);
if (missing.length > 0) {
  console.error(`package.json lacks ${missing.join(', ')}: fill them in before you publish.`);
  process.exitCode = 1;
}
