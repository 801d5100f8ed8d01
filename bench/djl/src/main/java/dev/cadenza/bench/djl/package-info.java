/** DJL's rows for {@code cadenza bench optimizers}; nothing in here may load Cadenza's libtorch. */
package dev.cadenza.bench.djl;
