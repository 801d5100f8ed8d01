package dev.cadenza.tensor;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Convolve with numbers of channels for which the CPU's kernels are right.
 *
 * <p>The kernels work on blocks of 16 channels. The oneDNN that libtorch 2.10 brings (3.7.1) leaves the last block
 * unfilled where channels do not divide so: results and gradients are then wrong, NaN, or a crash, on some processors
 * always. Tried against float64 with random shapes: right are 16, 32 and multiples of 64 channels, in and out, in both
 * layouts and in 16 bits, and a first layer of 1 or 3 channels whose input needs no gradient. All else is filled up with
 * channels of zeros here, which changes no result. The engine's page has the figures.
 */
final class Convolution {
    private static final long BLOCK = 16;
    private static final long BLOCKS = 64;

    private final long[] stride;
    private final long[] padding;
    private final long[] dilation;
    private final long groups;

    /** Say how to convolve: see {@link Kernels#conv2d}. */
    Convolution(long[] stride, long[] padding, long[] dilation, long groups) {
        this.stride = stride;
        this.padding = padding;
        this.dilation = dilation;
        this.groups = groups;
    }

    org.bytedeco.pytorch.Tensor run(
            org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor weight, TensorOptional bias) {
        boolean fits = x.dim() == 4 && weight.dim() == 4 && x.size(1) == weight.size(1) * groups;
        if (!fits || !x.is_cpu() || isRight(x, weight)) { // one that does not fit is libtorch's to refuse
            return convolve(x, weight, bias);
        }
        try (PointerScope temporaries = new PointerScope()) {
            org.bytedeco.pytorch.Tensor y = filled(x, weight);
            if (bias.has_value()) {
                y = y.add(bias.get().reshape(1, -1, 1, 1).to(y.scalar_type()));
            }
            y = y.contiguous(x.is_contiguous() ? MemoryFormat.Contiguous : MemoryFormat.ChannelsLast);
            y.retainReference();
            return y;
        }
    }

    private boolean isRight(org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor weight) {
        boolean half = isHalf(x);
        if (!half && x.scalar_type().value != ScalarType.Float.value) {
            return true; // libtorch's own kernels
        }
        long in = weight.size(1);
        long out = weight.size(0);
        if (groups > 1) {
            return !half && in == 1 && out == groups && x.is_contiguous();
        }
        boolean first = !x.requires_grad() && (in == 3 || (in == 1 && !half));
        return isWhole(out) && (isWhole(in) || first);
    }

    private static boolean isHalf(org.bytedeco.pytorch.Tensor x) {
        int type = x.scalar_type().value;
        return type == ScalarType.BFloat16.value
                || type == ScalarType.Half.value
                || torch.is_autocast_enabled(DeviceType.CPU);
    }

    private static boolean isWhole(long channels) {
        return channels == BLOCK || channels == 2 * BLOCK || channels % BLOCKS == 0;
    }

    private static long whole(long channels) {
        return channels <= BLOCK
                ? BLOCK
                : channels <= 2 * BLOCK ? 2 * BLOCK : (channels + BLOCKS - 1) / BLOCKS * BLOCKS;
    }

    private org.bytedeco.pytorch.Tensor filled(org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor weight) {
        if (isRight(x, weight)) {
            return convolve(x, weight, Native.NO_TENSOR);
        }
        return groups == 1 ? padded(x, weight) : grouped(x, weight);
    }

    private org.bytedeco.pytorch.Tensor padded(org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor weight) {
        long in = weight.size(1);
        long out = weight.size(0);
        long moreIn = isWhole(in) ? 0 : whole(in) - in;
        long moreOut = isWhole(out) ? 0 : whole(out) - out;
        Scalar zero = new Scalar(0.0);
        org.bytedeco.pytorch.Tensor fullX =
                moreIn == 0 ? x : torch.constant_pad_nd(x, new long[] {0, 0, 0, 0, 0, moreIn}, zero);
        org.bytedeco.pytorch.Tensor fullWeight =
                torch.constant_pad_nd(weight, new long[] {0, 0, 0, 0, 0, moreIn, 0, moreOut}, zero);
        return convolve(fullX, fullWeight, Native.NO_TENSOR).narrow(1, 0, out);
    }

    /** Each group by itself, except where each channel is one: then in float32, whose kernel for that is right. */
    private org.bytedeco.pytorch.Tensor grouped(org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor weight) {
        long in = weight.size(1);
        long out = weight.size(0) / groups;
        if (in == 1 && out == 1) {
            return inFloat32(x, weight);
        }
        Convolution one = new Convolution(stride, padding, dilation, 1);
        TensorVector parts = new TensorVector(groups);
        for (long group = 0; group < groups; group++) {
            org.bytedeco.pytorch.Tensor part = x.narrow(1, group * in, in);
            parts.put(group, one.filled(part, weight.narrow(0, group * out, out)));
        }
        return torch.cat(parts, 1);
    }

    private org.bytedeco.pytorch.Tensor inFloat32(org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor weight) {
        boolean cast = torch.is_autocast_enabled(DeviceType.CPU);
        ScalarType type = cast ? torch.get_autocast_dtype(DeviceType.CPU) : x.scalar_type();
        torch.set_autocast_enabled(DeviceType.CPU, false);
        try {
            org.bytedeco.pytorch.Tensor whole = x.to(ScalarType.Float).contiguous();
            return convolve(whole, weight.to(ScalarType.Float).contiguous(), Native.NO_TENSOR)
                    .to(type);
        } finally {
            torch.set_autocast_enabled(DeviceType.CPU, cast);
        }
    }

    private org.bytedeco.pytorch.Tensor convolve(
            org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor weight, TensorOptional bias) {
        return torch.conv2d(x, weight, bias, stride, padding, dilation, groups);
    }
}
