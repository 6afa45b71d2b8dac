import { expect, test } from 'vitest';
import { readOptions } from '../../packaging/demo/options.ts';

test('the ports that follow the headend’s are not the broker’s', () => {
  expect(() => readOptions(['--port', '9000', '--mqtt-port', '9001'])).toThrow(/^--mqtt-port 9001: .* 9000 to 9005/);
  expect(() => readOptions(['--port', '9000', '--mqtt-port', '9005'])).toThrow(/^--mqtt-port 9005/);
  expect(() => readOptions(['--port', '1880'])).toThrow(/^--mqtt-port 1883/);
  expect(readOptions(['--port', '9000', '--mqtt-port', '9006'])).toMatchObject({ port: 9000, mqttPort: 9006 });
  expect(readOptions([])).toMatchObject({ boxes: 3, port: 8080, mqttPort: 1883 });
});
