// The map's geometry: the projection and its inverse, and countries that cross the 180th meridian.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Area, cutAntimeridian } from '../src/dashboard/charts/cut-antimeridian.ts';
import { project, unproject } from '../src/dashboard/charts/equal-earth.ts';

test('the projection can be undone', () => {
  const longitude = fc.double({ min: -180, max: 180, noNaN: true });
  const latitude = fc.double({ min: -85, max: 85, noNaN: true });
  fc.assert(
    fc.property(longitude, latitude, (lon, lat) => {
      const [backLon, backLat] = unproject(project([lon, lat]));
      assert.ok(Math.abs(backLon - lon) < 1e-6 && Math.abs(backLat - lat) < 1e-6, `${lon},${lat} → ${backLon},${backLat}`);
    }),
  );
  assert.deepEqual(project([0, 0]).map(Math.abs), [0, 0]);
});

function ringsOf(area: Area): number[][][] {
  return area.type === 'Polygon' ? area.coordinates : area.coordinates.flat();
}

test('a country across the 180th meridian is cut into pieces that no edge crosses', () => {
  const square: Area = {
    type: 'Polygon',
    coordinates: [
      [
        [170, 60],
        [-170, 60],
        [-170, 70],
        [170, 70],
        [170, 60],
      ],
    ],
  };
  const rings = ringsOf(cutAntimeridian(square));
  assert.equal(rings.length, 2);
  for (const ring of rings) {
    const longitudes = ring.map(([lon = 0]) => lon);
    assert.ok(Math.max(...longitudes) - Math.min(...longitudes) <= 10.000001);
    assert.ok(longitudes.every((lon) => Math.abs(lon) <= 180));
    assert.deepEqual(ring[0], ring.at(-1));
  }
});

test('a country that crosses nothing stays as it is', () => {
  const triangle: Area = {
    type: 'Polygon',
    coordinates: [
      [
        [0, 0],
        [10, 0],
        [0, 10],
        [0, 0],
      ],
    ],
  };
  assert.deepEqual(ringsOf(cutAntimeridian(triangle)), triangle.coordinates);
});
