import { scale } from '../range.js';
import { ICE40_CASES, ice40ScaledPoint } from './ice40-points.js';
import { type ModelPoint, modelPoint } from './point.js';
import { predictWatts } from './power-case.js';
import { SPARTAN6_CASES } from './spartan6-points.js';
import { ULTRASCALE_CASES } from './ultrascale-points.js';

/** Every published power that was found with enough said of the design to predict it. */
export function powerPoints(): ModelPoint[] {
  const cases = [...ICE40_CASES, ...SPARTAN6_CASES, ...ULTRASCALE_CASES].map((point) => {
    const watts = predictWatts(point);
    return modelPoint('power', point, point.unit === 'mW' ? scale(watts, 1000) : watts);
  });
  return [...cases, ice40ScaledPoint()];
}
