import { RtliftError } from '../errors.js';
import { loadAddon, type NativeLibrary } from './native-addon.js';

/**
 * Opens a library that was built.
 * @throws {@link RtliftError} `ERR_RTLIFT_LIBRARY_LOAD`, or `ERR_RTLIFT_LIBRARY_FOREIGN` when it is of another build.
 */
export function openKernelLibrary(
  kernel: string,
  build: { readonly library: string; readonly buildId: string },
  openLibrary: (path: string) => NativeLibrary = loadAddon().openLibrary,
): NativeLibrary {
  const library = openLibrary(build.library);
  if (library.info.buildId === build.buildId) return library;
  throw new RtliftError(
    'ERR_RTLIFT_LIBRARY_FOREIGN',
    `kernel ${kernel}: expected library ${build.buildId} at ${build.library}, got ${library.info.buildId}; delete it to have it built again`,
    { kernel, path: build.library },
  );
}
