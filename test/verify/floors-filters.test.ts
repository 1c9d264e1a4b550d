import { describeFloors, FLOOR_FOLDERS } from './floors.js';

await describeFloors(FLOOR_FOLDERS[1]);
