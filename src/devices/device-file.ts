import { readFile } from 'node:fs/promises';
import type { core } from 'zod';
import { RtliftError } from '../errors.js';
import { estimate, type Figure } from '../figure.js';
import { ECP5_POWER, ICE40_POWER, ULTRASCALE_PLUS_POWER } from './coefficients.js';
import type { Device, DeviceFamily } from './device.js';
import type { DeviceFile, EstimateInFile } from './device-schema.js';
import type { Link, LinkDirection } from './link.js';
import { LINKS } from './links.js';
import type { PowerCoefficients } from './power.js';

const FAMILY_POWER: Readonly<Record<DeviceFamily, PowerCoefficients>> = {
  ice40: ICE40_POWER,
  ecp5: ECP5_POWER,
  'ultrascale+': ULTRASCALE_PLUS_POWER,
};

/**
 * Reads a device of the user's own from a JSON file.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_DEVICE` where the file cannot be read, is no JSON, or a field is not
 *   as docs/devices.md says; the message names the field, what was expected and what was got.
 */
export async function readDeviceFile(path: string): Promise<Device> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw invalid(path, `cannot be read: ${(cause as Error).message}`, {}, cause);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalid(path, `is no JSON: ${(cause as Error).message}`, {}, cause);
  }
  return parseDevice(json, path);
}

/**
 * Checks a device given as data, as {@link readDeviceFile} reads it.
 * @param name - what messages call it.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_DEVICE`.
 */
export async function parseDevice(json: unknown, name = 'device'): Promise<Device> {
  // zod takes about 140 ms to load, and most runs name a device of the catalogue.
  const { deviceFileSchema } = await import('./device-schema.js');
  const result = deviceFileSchema.safeParse(json);
  if (!result.success) {
    const problems = result.error.issues.flatMap((issue) => describe(issue, json));
    const shown = problems.map(({ field, text }) => `${field || 'the file'}: ${text}`).join('; ');
    throw invalid(name, shown, { fields: problems.map(({ field }) => field) });
  }
  return toDevice(result.data, name);
}

function invalid(
  name: string,
  text: string,
  details: Record<string, unknown>,
  cause?: unknown,
): RtliftError {
  return new RtliftError(
    'ERR_RTLIFT_INVALID_DEVICE',
    `device file ${name}: ${text}`,
    { file: name, ...details },
    cause === undefined ? undefined : { cause },
  );
}

interface Problem {
  readonly field: string;
  readonly text: string;
  readonly depth: number;
}

function describe(
  issue: core.$ZodIssue,
  json: unknown,
  outer: readonly PropertyKey[] = [],
): Problem[] {
  const path = [...outer, ...issue.path];
  if (issue.code === 'invalid_union') {
    // Of the alternatives the one that got furthest into the value is what was meant.
    const branches = issue.errors.map((inner) =>
      inner.flatMap((each) => describe(each, json, path)),
    );
    const depthOf = (problems: readonly Problem[]): number =>
      Math.max(0, ...problems.map(({ depth }) => depth));
    const deepest = Math.max(0, ...branches.map(depthOf));
    const best = branches.find((problems) => depthOf(problems) === deepest);
    if (best && deepest > path.length) return best;
    const texts = branches.flat().map(({ text }) => text.replace(/, got .*/s, ''));
    return [problem(path, [...new Set(texts)].join(', or '), json)];
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => problem([...path, key], 'expected no such field', json));
  }
  return [problem(path, expectation(issue), json)];
}

function expectation(issue: core.$ZodIssue): string {
  // zod: "Invalid input: expected number, received string"; what was received is told by its value instead.
  const message = issue.message.replace(/^Invalid [a-z]+: /, '').replace(/, received .*/, '');
  return message.startsWith('expected') ? message : `expected ${lowerFirst(message)}`;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

function problem(path: readonly PropertyKey[], text: string, json: unknown): Problem {
  const field = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
  let value = json;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  const got = value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value));
  const shown = got.length > 60 ? `${got.slice(0, 57)}...` : got;
  return { field, text: `${text}, got ${shown}`, depth: path.length };
}

function toFigure(given: EstimateInFile, unit: string): Figure {
  if (typeof given === 'number') return estimate(given, given, given, unit, 'assumed');
  const { value, low, high, provenance } = given;
  return estimate(value, low, high, unit, provenance);
}

function toDevice(file: DeviceFile, name: string): Device {
  const { id, part, family, resources, clocks, power, price, sources } = file;
  const positive = (field: string, figure: Figure): Figure => {
    if ((figure.low ?? figure.value) > 0) return figure;
    throw invalid(name, `${field}: expected low above 0, got ${figure.low}`, { fields: [field] });
  };
  const direction = (
    field: string,
    given: Extract<DeviceFile['links'][number], object>['in'],
  ): LinkDirection => ({
    t0Ns: toFigure(given.t0Ns, 'ns'),
    bytesPerSecond: positive(`${field}.bytesPerSecond`, toFigure(given.bytesPerSecond, 'B/s')),
    perTransferNs: toFigure(given.perTransferNs, 'ns'),
    perMessageNs: toFigure(given.perMessageNs, 'ns'),
    leastBytes: given.leastBytes,
    transferBytes: given.transferBytes,
    hostCpuNsPerByte: toFigure(given.hostCpuNsPerByte, 'ns/B'),
    isHostMoved: given.isHostMoved,
  });
  const links = file.links.map((link, i): Link => {
    if (typeof link === 'string') {
      const known = LINKS.find((each) => each.id === link);
      if (known) return known;
      throw invalid(name, `links[${i}]: expected a link of rtlift, got ${link}`, {});
    }
    return {
      ...link,
      in: direction(`links[${i}].in`, link.in),
      out: direction(`links[${i}].out`, link.out),
      watts: toFigure(link.watts, 'W'),
    };
  });
  const [first, ...others] = links;
  if (!first) throw invalid(name, 'links: expected at least one', { fields: ['links'] });
  return {
    id,
    name: file.name,
    part,
    family,
    resources,
    clocks: {
      choicesMHz: clocks.choicesMHz,
      maxMHz: clocks.maxMHz,
      unsynthesised: positive('clocks.unsynthesisedMHz', toFigure(clocks.unsynthesisedMHz, 'MHz')),
    },
    links: [first, ...others],
    power: {
      static: toFigure(power.staticWatts, 'W'),
      shell: toFigure(power.shellWatts, 'W'),
      coefficients:
        power.coefficients === 'family' ? FAMILY_POWER[family] : toCoefficients(power.coefficients),
    },
    price: price && { ...price, usdPerHour: toFigure(price.usdPerHour, 'USD/h') },
    sources,
  };
}

function toCoefficients(
  given: Exclude<DeviceFile['power']['coefficients'], string>,
): PowerCoefficients {
  const pj = (value: EstimateInFile): Figure => toFigure(value, 'pJ');
  return {
    netPj: pj(given.netPj),
    ffPj: pj(given.ffPj),
    srlPj: pj(given.srlPj),
    bramPj: pj(given.bramPj),
    dspPj: pj(given.dspPj),
    rootPj: pj(given.rootPj),
    glitches: toFigure(given.glitches, '1'),
    source: given.source,
  };
}
