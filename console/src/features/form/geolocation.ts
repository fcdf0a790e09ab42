import { ref } from 'vue';

/** Where the device is, in degrees (WGS 84) and metres. */
export interface Position {
  latitude: number;
  longitude: number;
  accuracy: number;
}

/** Asks the device for its position; six decimals are 10 cm. */
export function useGeolocation(onFound: (position: Position) => void) {
  const isLocating = ref(false);
  const hasFailed = ref(false);

  function handleFound({ coords }: GeolocationPosition): void {
    isLocating.value = false;
    const { latitude, longitude, accuracy } = coords;
    onFound({ latitude: Number(latitude.toFixed(6)), longitude: Number(longitude.toFixed(6)), accuracy: Math.round(accuracy) });
  }
  function handleFailure(): void {
    isLocating.value = false;
    hasFailed.value = true;
  }
  function locate(): void {
    hasFailed.value = !('geolocation' in navigator);
    if (hasFailed.value) return;
    isLocating.value = true;
    navigator.geolocation.getCurrentPosition(handleFound, handleFailure, { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 });
  }
  return { isLocating, hasFailed, locate };
}
