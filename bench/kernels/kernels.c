/*
 * Small programs of different shapes: tight loops, calls, recursion, dispatch, floating point, memory traffic.
 * Each export takes how much to do and returns a checksum.
 */
#include <stdint.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;

#define KERNEL(name) __attribute__((export_name(#name))) u32 name(u32 amount)
/* Keeps a call a call. */
#define NOINLINE __attribute__((noinline))

enum { heap_size = 1 << 22 };
static u8 heap[heap_size] __attribute__((aligned(16)));

static u32 random_state;
static u32 next_random(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 17;
  random_state ^= random_state << 5;
  return random_state;
}

/* Recursion without anything else. */
NOINLINE static u32 fibonacci(u32 n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

KERNEL(fib) { return fibonacci(amount); }

/* Rounds of SHA-256's compression function: long straight-line loop bodies. */
static u32 rotate_right(u32 word, u32 by) { return word >> by | word << (32 - by); }

static u32 round_constant(u32 index) {
  /* Not the standard's constants: the work is the same, the digest is not. */
  return 0x9e3779b9u * (index + 1);
}

NOINLINE static void compress(u32 state[8], const u8 *block) {
  u32 schedule[64];
  for (u32 t = 0; t < 16; t++, block += 4)
    schedule[t] = (u32)block[0] << 24 | (u32)block[1] << 16 | (u32)block[2] << 8 | block[3];
  for (u32 t = 16; t < 64; t++) {
    u32 early = schedule[t - 15], late = schedule[t - 2];
    u32 small0 = rotate_right(early, 7) ^ rotate_right(early, 18) ^ early >> 3;
    u32 small1 = rotate_right(late, 17) ^ rotate_right(late, 19) ^ late >> 10;
    schedule[t] = schedule[t - 16] + small0 + schedule[t - 7] + small1;
  }
  u32 a = state[0], b = state[1], c = state[2], d = state[3];
  u32 e = state[4], f = state[5], g = state[6], h = state[7];
  for (u32 t = 0; t < 64; t++) {
    u32 big1 = rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25);
    u32 big0 = rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22);
    u32 first = h + big1 + ((e & f) ^ (~e & g)) + round_constant(t) + schedule[t];
    u32 second = big0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + first;
    d = c, c = b, b = a, a = first + second;
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d;
  state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

KERNEL(sha256) {
  u32 state[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  for (u32 block = 0; block < amount; block++) compress(state, heap + (block % 1024) * 64);
  return state[0] ^ state[5];
}

/* Three nested loops of floating point. */
enum { matrix_side = 160 };
static double left[matrix_side][matrix_side], right[matrix_side][matrix_side], product[matrix_side][matrix_side];

KERNEL(matmul) {
  if (amount > matrix_side) amount = matrix_side;
  for (u32 i = 0; i < amount; i++)
    for (u32 j = 0; j < amount; j++) left[i][j] = (i * 3 + j) % 11, right[i][j] = (i + j * 7) % 13;
  for (u32 i = 0; i < amount; i++)
    for (u32 j = 0; j < amount; j++) {
      double sum = 0;
      for (u32 k = 0; k < amount; k++) sum += left[i][k] * right[k][j];
      product[i][j] = sum;
    }
  return (u32)product[amount / 2][amount / 3];
}

/* A short loop with two ways out. */
KERNEL(mandel) {
  u32 total = 0;
  double scale = 3.0 / amount;
  for (u32 row = 0; row < amount; row++)
    for (u32 column = 0; column < amount; column++) {
      double real = column * scale - 2.0, imaginary = row * scale - 1.5;
      double x = 0, y = 0, xx = 0, yy = 0;
      u32 steps = 0;
      while (steps < 96 && xx + yy < 4) {
        y = 2 * x * y + imaginary;
        x = xx - yy + real;
        xx = x * x, yy = y * y;
        steps++;
      }
      total += steps;
    }
  return total;
}

/* Data-dependent branches, recursion on the smaller part. */
static void sort(int *first, int *last) {
  while (first < last) {
    int pivot = first[(last - first) / 2], *low = first, *high = last;
    while (low <= high) {
      while (*low < pivot) low++;
      while (*high > pivot) high--;
      if (low <= high) {
        int swapped = *low;
        *low++ = *high;
        *high-- = swapped;
      }
    }
    if (high - first < last - low) {
      sort(first, high);
      first = low;
    } else {
      sort(low, last);
      last = high;
    }
  }
}

KERNEL(quicksort) {
  int *numbers = (int *)heap;
  random_state = 2463534242u;
  for (u32 i = 0; i < amount; i++) numbers[i] = (int)(next_random() >> 1);
  sort(numbers, numbers + amount - 1);
  return (u32)numbers[amount / 2];
}

/* Loops of a store each. */
KERNEL(sieve) {
  for (u32 i = 0; i < amount; i++) heap[i] = 1;
  for (u32 i = 2; i * i < amount; i++)
    if (heap[i])
      for (u32 multiple = i * i; multiple < amount; multiple += i) heap[multiple] = 0;
  u32 primes = 0;
  for (u32 i = 2; i < amount; i++) primes += heap[i];
  return primes;
}

/* A loop around a switch: the heart of every interpreter. */
enum opcode { load, copy, add, multiply, xor, shift, store, fetch, decrement, jump_if, halt };
struct instruction {
  u8 opcode, target, source;
  u32 immediate;
};
static struct instruction program[] = {
    {load, 1, 0, 7},      {load, 2, 0, 0x10001}, {copy, 3, 1, 0},     {multiply, 3, 2, 0}, {add, 1, 3, 0},
    {shift, 3, 0, 5},     {xor, 1, 3, 0},        {store, 0, 1, 3},    {fetch, 4, 0, 3},    {add, 2, 4, 0},
    {decrement, 0, 0, 0}, {jump_if, 0, 0, 2},    {halt, 0, 0, 0},
};

NOINLINE static u32 run(const struct instruction *start, u32 iterations) {
  u32 registers[8] = {iterations}, cells[8] = {0};
  for (const struct instruction *at = start;; at++) {
    u32 *target = &registers[at->target & 7], source = registers[at->source & 7];
    switch (at->opcode) {
    case load: *target = at->immediate; break;
    case copy: *target = source; break;
    case add: *target += source; break;
    case multiply: *target *= source; break;
    case xor: *target ^= source; break;
    case shift: *target >>= at->immediate & 31; break;
    case store: cells[at->immediate & 7] = source; break;
    case fetch: *target = cells[at->immediate & 7]; break;
    case decrement: *target -= 1; break;
    case jump_if:
      if (*target) at = start + at->immediate - 1;
      break;
    default: return registers[1];
    }
  }
}

KERNEL(interpreter) { return run(program, amount); }

/* A chain of table look-ups. */
static u32 crc_table[256];

KERNEL(crc32) {
  for (u32 byte = 0; byte < 256; byte++) {
    u32 crc = byte;
    for (u32 bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
    crc_table[byte] = crc;
  }
  u32 crc = ~0u;
  for (u32 i = 0; i < amount; i++) crc = crc_table[(crc ^ heap[i % heap_size]) & 255] ^ crc >> 8;
  return ~crc;
}

/* Floating point on few data. */
struct body {
  double x, y, z, vx, vy, vz, mass;
};
static struct body bodies[5] = {
    {0, 0, 0, 0, 0, 0, 40},       {4.8, -1.2, -.1, .6, 2.8, -.02, .04}, {8.3, 4.1, -.4, -1, 1.8, .008, .01},
    {13, -15, -.2, 1.1, .9, -.01, .002}, {15, -26, .2, 1, .6, -.03, .002},
};

KERNEL(nbody) {
  for (u32 step = 0; step < amount; step++) {
    for (u32 i = 0; i < 5; i++)
      for (u32 j = i + 1; j < 5; j++) {
        struct body *a = &bodies[i], *b = &bodies[j];
        double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
        double square = dx * dx + dy * dy + dz * dz + .01;
        double pull = .001 / (square * __builtin_sqrt(square));
        a->vx -= dx * b->mass * pull, b->vx += dx * a->mass * pull;
        a->vy -= dy * b->mass * pull, b->vy += dy * a->mass * pull;
        a->vz -= dz * b->mass * pull, b->vz += dz * a->mass * pull;
      }
    for (u32 i = 0; i < 5; i++) {
      bodies[i].x += .001 * bodies[i].vx;
      bodies[i].y += .001 * bodies[i].vy;
      bodies[i].z += .001 * bodies[i].vz;
    }
  }
  return bodies[0].x == bodies[0].x;
}

/* Copies that the compiler must not turn into one instruction: the smallest loops there are. */
KERNEL(copy_bytes) {
  volatile u8 *to = heap + heap_size / 2;
  const u8 *from = heap;
  for (u32 i = 0; i < amount; i++) to[i & 0xfffff] = from[i & 0xfffff];
  return to[3];
}

KERNEL(copy_words) {
  volatile u64 *to = (u64 *)(heap + heap_size / 2);
  const u64 *from = (u64 *)heap;
  for (u32 i = 0; i < amount; i++) to[i & 0x1ffff] = from[i & 0x1ffff];
  return (u32)to[3];
}

/* Calls of functions that do next to nothing. */
typedef u32 step(u32, u32);
NOINLINE static u32 step_add(u32 a, u32 b) { return a + b; }
NOINLINE static u32 step_xor(u32 a, u32 b) { return a ^ b; }
NOINLINE static u32 step_scale(u32 a, u32 b) { return a * 31 + b; }
NOINLINE static u32 step_mix(u32 a, u32 b) { return (a >> 5) + b; }
static step *const steps[] = {step_add, step_xor, step_scale, step_mix};

KERNEL(indirect_calls) {
  u32 sum = 1;
  for (u32 i = 0; i < amount; i++) sum = steps[sum >> 3 & 3](sum, i);
  return sum;
}

KERNEL(direct_calls) {
  u32 sum = 1;
  for (u32 i = 0; i < amount; i++) {
    sum = step_add(sum, i);
    sum = step_scale(sum, i);
    sum = step_xor(sum, i);
  }
  return sum;
}

/* Recursion over a structure that is built by recursion. */
struct node {
  struct node *left, *right;
  u32 value;
};
static u32 allocated;

static struct node *grow(u32 depth) {
  struct node *node = (struct node *)(heap + allocated);
  allocated += sizeof *node;
  node->value = depth;
  node->left = depth == 0 ? 0 : grow(depth - 1);
  node->right = depth == 0 ? 0 : grow(depth - 1);
  return node;
}

static u32 total(const struct node *node) {
  return node->left == 0 ? node->value : total(node->left) + total(node->right) + node->value;
}

KERNEL(tree) {
  u32 sum = 0;
  for (u32 i = 0; i < amount; i++) {
    allocated = 64;
    sum += total(grow(13));
  }
  return sum;
}
