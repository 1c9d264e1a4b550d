import { coreWattsOfTdp } from '../cpu-profiles.js';
import { rangeOf } from '../range.js';
import { type ModelPoint, modelPoint } from './point.js';

const SPEC =
  'SPECpower_ssj2008 results in cloud-carbon-footprint/cloud-carbon-coefficients, data/SPECpower-2023-05-01.csv, commit ccc2d69a; TDP: quattor/template-library-standard, hardware/cpu';

/** [system, processor, TDP W, cores a socket, W of the server at 100 %, cores of the server] */
const SERVERS: readonly (readonly [string, string, number, number, number, number])[] = [
  ['ASUS RS500A-E10, Jan 2020', 'EPYC 7742', 225, 64, 214, 64],
  ['ASUS RS620SA-E10, 6 nodes, Oct 2020', 'EPYC 7742', 225, 64, 1140, 384],
  ['ASUS RS700A-E9, Apr 2020', 'EPYC 7742', 225, 64, 430, 128],
  ['ASUS RS700A-E11, Jul 2022', 'EPYC 7763', 280, 64, 408, 128],
  ['ASUS RS720A-E12, Dec 2022', 'EPYC 9654', 360, 96, 817, 192],
];

/** Watts a core: what the profiles say by TDP, held against the wall power of whole servers under load. */
export function cpuPoints(): ModelPoint[] {
  return SERVERS.map(([system, processor, tdpWatts, cores, serverWatts, serverCores]) =>
    modelPoint(
      'cpu energy',
      {
        what: `${processor}, a core at full load, ${system}`,
        value: serverWatts / serverCores,
        unit: 'W',
        role: 'judge',
        source: SPEC,
      },
      rangeOf(coreWattsOfTdp(tdpWatts, cores)),
    ),
  );
}
