'use strict';
// `rtlift profile` loads this file into every Node process and worker thread of the command (NODE_OPTIONS=--require), before
// anything else runs there. It samples the thread, and writes what was sampled to a folder when the thread ends: by itself, by
// process.exit, by an error or by a signal. Plain CommonJS, because --require takes nothing else in Node 20.
const { realpathSync, renameSync, writeFileSync } = require('node:fs');
const { Session, url } = require('node:inspector');
const Module = require('node:module');
const { join } = require('node:path');
const threads = require('node:worker_threads');

const { RTLIFT_PROFILE_FOLDER: folder, RTLIFT_PROFILE_INTERVAL_US: intervalUs } = process.env;

/** Programs that only start another: their own start would dilute the shares of what they start. */
const LAUNCHERS =
  /[\\/](npm[\\/]bin[\\/](npm|npx)-cli\.js|tsx[\\/]dist[\\/]cli\.mjs|corepack[\\/]dist[\\/].*|pnpm[\\/]bin[\\/].*|yarn[\\/](bin|lib)[\\/].*)$/;

/** When a worker looks for scripts that were compiled on the way: at its end it may have no chance to. */
const LOOKS_MS = [200, 1000, 4000, 15000];

/** Readers of Buffer are so short that V8 always inlines them: their text tells whose time it is. */
const READERS = /^node:internal\/buffer$/;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

function write(name, value) {
  // Renamed when complete: who reads the folder must not see half a file.
  const file = join(folder, name);
  writeFileSync(`${file}.part`, JSON.stringify(value));
  renameSync(`${file}.part`, file);
}

function scriptPath() {
  try {
    return realpathSync(process.argv[1]);
  } catch {
    return process.argv[1] ?? null;
  }
}

/**
 * Texts and source maps of scripts as they run, which need not be what is on disk. The debugger is on for these milliseconds
 * only: left on, it slows promises.
 */
function scripts(isWanted) {
  const found = {};
  const session = new Session();
  session.connect();
  session.on('Debugger.scriptParsed', ({ params }) => {
    const { scriptId, url: address, sourceMapURL = '' } = params;
    if (!READERS.test(address)) {
      if (address === '' || address.startsWith('node:')) return;
      if (!isWanted(scriptId, sourceMapURL, address)) return;
    }
    session.post('Debugger.getScriptSource', { scriptId }, (error, result) => {
      if (!error) found[scriptId] = { url: address, sourceMapURL, source: result.scriptSource };
    });
  });
  session.post('Debugger.enable');
  session.disconnect();
  return found;
}

function sampleMain() {
  const { pid } = process;
  const path = scriptPath();
  const isLauncher = path !== null && LAUNCHERS.test(path);
  // A program that never comes back to its event loop hears of no signal but SIGUSR1, at which Node opens its inspector. Each
  // process gets another port for that, since two cannot listen at one.
  const debugPort = url() === undefined ? 20000 + (pid % 40000) : null;
  if (debugPort !== null) process.debugPort = debugPort;
  write(`${pid}.process.json`, { pid, path, isLauncher, argv: process.argv.slice(1), debugPort });
  if (isLauncher) return;

  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: Number(intervalUs) });
  session.post('Profiler.start');

  let isWritten = false;
  const finish = () => {
    if (isWritten) return;
    isWritten = true;
    session.post('Profiler.stop', (error, result) => {
      if (error) return;
      const ids = new Set(result.profile.nodes.map(({ callFrame }) => callFrame.scriptId));
      write(
        `${pid}.0.scripts.json`,
        scripts((id) => ids.has(id)),
      );
      write(`${pid}.0.cpuprofile`, result.profile);
    });
    session.disconnect();
  };
  process.on('exit', finish);

  // A signal that nobody handles ends the process without 'exit'. The program's own handlers go first, and must not see ours:
  // some end the process only where they are alone.
  const onSignal = async (signal) => {
    if (process.listenerCount(signal) > 0) return;
    // A worker writes its profile when it is ended, and not when the process is.
    await Promise.allSettled([...workers].map((worker) => worker.terminate()));
    finish();
    process.removeListener(signal, onSignal);
    process.kill(pid, signal);
  };
  const { listeners, listenerCount } = process;
  process.listeners = function (name) {
    return listeners.call(this, name).filter((listener) => listener !== onSignal);
  };
  process.listenerCount = function (name, ...rest) {
    const hidden = rest.length === 0 && listeners.call(this, name).includes(onSignal) ? 1 : 0;
    return listenerCount.call(this, name, ...rest) - hidden;
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

/** Node writes the profile of a worker itself, even where it is ended from outside; what it ran is kept here. */
function sampleWorker() {
  const look = () => {
    // What is on disk as it runs can be read later.
    const found = scripts((_, map, url) => map !== '' || !url.startsWith('file:'));
    write(`${process.pid}.${threads.threadId}.scripts.json`, found);
  };
  for (const ms of LOOKS_MS) setTimeout(look, ms).unref();
  process.on('exit', look);
}

const workers = new Set();

/** Options that a worker may be given; any other in a list makes Node refuse the worker. */
const KEPT = /^(-r|--require|--import|--loader|--experimental-loader|-C|--conditions)(=|$)/;

function keptArguments(list) {
  const kept = [];
  for (let i = 0; i < list.length; i++) {
    if (!KEPT.test(list[i])) continue;
    kept.push(list[i]);
    if (!list[i].includes('=')) kept.push(list[++i]);
  }
  return kept;
}

function profileWorkers() {
  const own = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${intervalUs}`];
  threads.Worker = new Proxy(threads.Worker, {
    construct(Worker, [file, options = {}], target) {
      const start = (execArgv) =>
        Reflect.construct(Worker, [file, { ...options, execArgv }], target);
      const given = options.execArgv ?? process.execArgv;
      let worker;
      try {
        worker = start([...given, ...own]);
      } catch (error) {
        if (error.code !== 'ERR_WORKER_INVALID_EXEC_ARGV' || options.execArgv) throw error;
        worker = start([...keptArguments(given), ...own]);
      }
      workers.add(worker);
      worker.once('exit', () => workers.delete(worker));
      return worker;
    },
  });
  Module.syncBuiltinESMExports();
}

/**
 * tsx lets esbuild put a whole file on one line. V8 says of a sample in an inlined function no more than its line, so that line
 * breaks have to stay. `rtlift profile` turns the cache of tsx off, so that nothing of this outlasts the run.
 */
function keepLines() {
  const words = process.execArgv.map((word) => word.replace(/^--import=/, ''));
  const loader = words.find((word) =>
    /[\\/]tsx[\\/]dist[\\/]loader\.mjs$|^tsx(\/esm)?$/.test(word),
  );
  if (loader === undefined) return;
  const compile = Module._extensions['.js'];
  // Here and not after it was loaded: Node keeps what an import gets apart from what require gets.
  Module._extensions['.js'] = (module, file) => {
    compile(module, file);
    const { exports } = module;
    if (!/[\\/]esbuild[\\/]lib[\\/]main\.js$/.test(file) || !exports.transformSync) return;
    const lines = (options) => ({ ...options, minifyWhitespace: false });
    module.exports = {
      ...exports,
      transform: (code, options) => exports.transform(code, lines(options)),
      transformSync: (code, options) => exports.transformSync(code, lines(options)),
    };
  };
  try {
    const here = Module.createRequire(join(process.cwd(), 'here'));
    const tsx = loader.startsWith('tsx') ? here.resolve('tsx/package.json') : loader;
    Module.createRequire(tsx)('esbuild');
  } catch {
    // Another version of tsx: the time of inlined functions then stays with their callers.
  }
  Module._extensions['.js'] = compile;
}

if (folder !== undefined && intervalUs !== undefined) {
  profileWorkers();
  keepLines();
  if (threads.isMainThread) sampleMain();
  else sampleWorker();
}
