import { RtliftError } from '../../src/errors.js';

// Imported first by each bench script: what cannot run here says so in a line, not in a dump of the error.
process.on('uncaughtException', (error) => {
  console.error(error instanceof RtliftError ? error.message : error);
  process.exit(1);
});
