// Runner of what the machine gives a C programmer: backpropagation fused by hand on OpenBLAS's matrix product, the
// weight updates folded into the products (β = 1), everything else in plain loops.
// cc -O3 -march=native -ffast-math openblas.c -o openblas -lopenblas -lm
#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#ifdef __SSE__
#include <xmmintrin.h>
#endif

enum { TRAIN = 60000, TEST = 10000, PIXELS = 784, CLASSES = 10 };
static const float LEARNING_RATE = 0.1f;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static float *floats(size_t n) { return aligned_alloc(64, (n * sizeof(float) + 63) / 64 * 64); }

static unsigned char *read_idx(const char *name, size_t header, size_t bytes) {
  char path[4096];
  const char *folder = getenv("MNIST_DIR");
  snprintf(path, sizeof path, "%s/%s", folder ? folder : ".", name);
  FILE *file = fopen(path, "rb");
  unsigned char *data = malloc(bytes);
  if (!file || fseek(file, header, SEEK_SET) || fread(data, 1, bytes, file) != bytes) {
    perror(path);
    exit(1);
  }
  fclose(file);
  return data;
}

static float *read_images(const char *name, size_t count) {
  unsigned char *bytes = read_idx(name, 16, count * PIXELS);
  float *x = floats(count * PIXELS);
  for (size_t i = 0; i < count * PIXELS; i++) x[i] = bytes[i] / 255.f;
  free(bytes);
  return x;
}

static unsigned long long state = 88172645463325252ull;
static unsigned long long bits(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}
static double gauss(void) {
  double sum = -6;
  for (int i = 0; i < 12; i++) sum += (bits() >> 11) * 0x1p-53;
  return sum;
}
static float *weights(int in, int out) {
  float *w = floats((size_t)in * out);
  for (int i = 0; i < in * out; i++) w[i] = gauss() * sqrt(2. / in);
  return w;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

// C = alpha op(A) op(B) + beta C, with op(A) [m, k] and op(B) [k, n]; all row-major and without gaps
static void product(int ta, int tb, int m, int n, int k, float alpha, const float *a, const float *b, float beta, float *c) {
  cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, m, n, k, alpha, a, ta ? m : k, b,
              tb ? k : n, beta, c, n);
}

// In place: scores -> (softmax - target) * scale. Gives the summed loss.
static float softmax_delta(float *z, const unsigned char *labels, const int *order, int m, float scale) {
  float loss = 0;
  for (int i = 0; i < m; i++, z += CLASSES) {
    int y = labels[order[i]];
    float max = z[0], sum = 0;
    for (int j = 1; j < CLASSES; j++) max = z[j] > max ? z[j] : max;
    float own = z[y] - max;
    for (int j = 0; j < CLASSES; j++) sum += z[j] = expf(z[j] - max);
    loss += logf(sum) - own;
    for (int j = 0; j < CLASSES; j++) z[j] *= scale / sum;
    z[y] -= scale;
  }
  return loss;
}

int main(int argc, char **argv) {
  int K = 200, B = 64, epochs = 5, threads = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    int value = atoi(argv[i + 1]);
    if (!strcmp(argv[i], "--hidden")) K = value;
    if (!strcmp(argv[i], "--batch")) B = value;
    if (!strcmp(argv[i], "--epochs")) epochs = value;
    if (!strcmp(argv[i], "--threads")) threads = value;
  }
  openblas_set_num_threads(threads);
#ifdef __SSE__
  _mm_setcsr(_mm_getcsr() | 0x8040);  // denormal numbers are slow and mean nothing here
#endif
  float *X = read_images("train-images-idx3-ubyte", TRAIN), *XT = read_images("t10k-images-idx3-ubyte", TEST);
  unsigned char *Y = read_idx("train-labels-idx1-ubyte", 8, TRAIN), *YT = read_idx("t10k-labels-idx1-ubyte", 8, TEST);

  float *w1 = weights(PIXELS, K), *b1 = floats(K), *w2 = weights(K, CLASSES), b2[CLASSES] = {0};
  memset(b1, 0, K * sizeof *b1);
  float *x = floats((size_t)B * PIXELS), *h = floats((size_t)B * K), *dh = floats((size_t)B * K), *z = floats(B * CLASSES);
  int *order = malloc(TRAIN * sizeof *order);
  for (int i = 0; i < TRAIN; i++) order[i] = i;
  double *times = malloc(epochs * sizeof *times);
  volatile float loss;  // computed as every peer computes it, and not optimised away

  for (int epoch = 0; epoch < epochs; epoch++) {
    double began = now();
    float total = 0;
    for (int i = TRAIN - 1; i > 0; i--) {
      int j = bits() % (i + 1), t = order[i];
      order[i] = order[j];
      order[j] = t;
    }
    for (int s = 0; s < TRAIN; s += B) {
      int m = TRAIN - s < B ? TRAIN - s : B;
      for (int i = 0; i < m; i++) memcpy(x + i * PIXELS, X + (size_t)order[s + i] * PIXELS, PIXELS * sizeof *x);
      for (int i = 0; i < m; i++) memcpy(h + i * K, b1, K * sizeof *h);
      product(0, 0, m, K, PIXELS, 1, x, w1, 1, h);
      for (int i = 0; i < m * K; i++) h[i] = h[i] > 0 ? h[i] : 0;
      for (int i = 0; i < m; i++) memcpy(z + i * CLASSES, b2, sizeof b2);
      product(0, 0, m, CLASSES, K, 1, h, w2, 1, z);
      total += softmax_delta(z, Y, order + s, m, LEARNING_RATE / m);
      product(0, 1, m, K, CLASSES, 1, z, w2, 0, dh);
      for (int i = 0; i < m * K; i++) dh[i] = h[i] > 0 ? dh[i] : 0;
      product(1, 0, K, CLASSES, m, -1, h, z, 1, w2);
      product(1, 0, PIXELS, K, m, -1, x, dh, 1, w1);
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < CLASSES; j++) b2[j] -= z[i * CLASSES + j];
        for (int j = 0; j < K; j++) b1[j] -= dh[i * K + j];
      }
    }
    loss = total / TRAIN;
    times[epoch] = now() - began;
  }
  (void)loss;

  float *H = floats((size_t)TEST * K), *Z = floats(TEST * CLASSES);
  for (int i = 0; i < TEST; i++) memcpy(H + (size_t)i * K, b1, K * sizeof *H);
  product(0, 0, TEST, K, PIXELS, 1, XT, w1, 1, H);
  for (int i = 0; i < TEST * K; i++) H[i] = H[i] > 0 ? H[i] : 0;
  for (int i = 0; i < TEST; i++) memcpy(Z + i * CLASSES, b2, sizeof b2);
  product(0, 0, TEST, CLASSES, K, 1, H, w2, 1, Z);
  int right = 0;
  for (int i = 0; i < TEST; i++) {
    int best = 0;
    for (int j = 1; j < CLASSES; j++) best = Z[i * CLASSES + j] > Z[i * CLASSES + best] ? j : best;
    right += best == YT[i];
  }

  double *timed = times + 1;
  int n = epochs - 1;
  qsort(timed, n, sizeof *timed, ascending);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("{\"peer\":\"c-openblas\",\"threads\":%d,\"secondsPerEpoch\":%.6f,\"range\":[%.6f,%.6f],\"epochs\":%d,", threads,
         (timed[(n - 1) / 2] + timed[n / 2]) / 2, timed[0], timed[n - 1], epochs);
  printf("\"testAccuracy\":%.4f,\"extrapolated\":false,\"version\":\"%s\",\"peakRssMb\":%ld}\n", right / (double)TEST,
         openblas_get_config(), usage.ru_maxrss / 1024);
}
