package dev.cadenza.nn;

import java.util.List;
import java.util.Map;

/** Builds the module that a case of {@code init_and_layers.json} describes; null where Cadenza has none yet. */
final class GoldenModules {
    private GoldenModules() {}

    static Module layer(Map<String, Object> config) {
        String layer = (String) config.get("layer");
        return switch (layer) {
            case "Linear" ->
                new Linear(number(config, "in", 0), number(config, "out", 0), o -> o.bias = truth(config, "bias"));
            case "Conv2d" -> conv(config);
            case "BatchNorm1d" -> new BatchNorm1d(number(config, "features", 0), o -> norm(config, o));
            case "BatchNorm2d" -> new BatchNorm2d(number(config, "features", 0), o -> norm(config, o));
            case "Embedding" ->
                new Embedding(
                        number(config, "num", 0),
                        number(config, "dim", 0),
                        o -> o.paddingIdx = number(config, "padding_idx", -1));
            case "maxpool_2" -> new MaxPool2d(2);
            case "maxpool_3_s2_p1" ->
                new MaxPool2d(3, o -> {
                    o.stride = 2;
                    o.padding = 1;
                });
            case "maxpool_2_ceil" -> new MaxPool2d(2, o -> o.ceilMode = true);
            case "maxpool_3_s1" -> new MaxPool2d(3, o -> o.stride = 1);
            case "avgpool_2" -> new AvgPool2d(2);
            case "avgpool_3_s2_p1" -> averages(true);
            case "avgpool_3_s2_p1_exclude_pad" -> averages(false);
            case "avgpool_2_ceil" -> new AvgPool2d(2, o -> o.ceilMode = true);
            case "adaptive_avg_1" -> new AdaptiveAvgPool2d(1);
            case "adaptive_avg_2x3" -> new AdaptiveAvgPool2d(2, 3);
            case "adaptive_avg_4x4" -> new AdaptiveAvgPool2d(4);
            case "adaptive_max_1" -> new AdaptiveMaxPool2d(1);
            case "adaptive_max_3x2" -> new AdaptiveMaxPool2d(3, 2);
            case "adaptive_concat_1" -> new AdaptiveConcatPool2d(1);
            case "adaptive_concat_2" -> new AdaptiveConcatPool2d(2);
            case "pool_flatten_cat" -> Sequential.of(new AdaptiveConcatPool2d(1), new Flatten());
            default -> activation(layer);
        };
    }

    private static Module averages(boolean countIncludePad) {
        return new AvgPool2d(3, o -> {
            o.stride = 2;
            o.padding = 1;
            o.countIncludePad = countIncludePad;
        });
    }

    private static Module activation(String name) {
        return switch (name) {
            case "relu" -> Activation.relu();
            case "leaky_relu_0.01" -> Activation.leakyRelu(0.01);
            case "leaky_relu_0.1" -> Activation.leakyRelu(0.1);
            case "elu" -> Activation.elu(1);
            case "gelu_erf" -> Activation.gelu();
            case "gelu_tanh" -> Activation.geluTanh();
            case "silu" -> Activation.silu();
            case "mish" -> Activation.mish();
            case "sigmoid" -> Activation.sigmoid();
            case "tanh" -> Activation.tanh();
            case "softplus" -> Activation.softplus();
            case "hardswish" -> Activation.hardswish();
            case "softmax" -> Activation.softmax(-1);
            case "log_softmax" -> Activation.logSoftmax(-1);
            case "sigmoid_range" -> Activation.sigmoidRange(-1, 5.5);
            case "selu" -> Activation.selu();
            case "relu6" -> Activation.relu6();
            default -> null;
        };
    }

    static Module net(String id) {
        return switch (id) {
            case "mlp" -> Sequential.of(new Linear(4, 5), Activation.relu(), new Linear(5, 3));
            case "conv_layer_bn_relu" -> Sequential.of(conv(2, 3, 3, 1), new BatchNorm2d(3), Activation.relu());
            case "conv_layer_act_first" -> Sequential.of(conv(2, 3, 1, 1), Activation.relu(), new BatchNorm2d(3));
            case "lin_bn_drop" ->
                Sequential.of(new BatchNorm1d(3), new Linear(3, 2, o -> o.bias = false), Activation.relu());
            default -> null;
        };
    }

    private static Conv2d conv(long in, long out, int kernel, int stride) {
        return new Conv2d(in, out, kernel, o -> {
            o.stride = stride;
            o.padding = kernel / 2;
            o.bias = false;
        });
    }

    private static Module conv(Map<String, Object> config) {
        int[] kernel = pair(config.get("kernel"));
        int[] stride = pair(config.get("stride"));
        int[] padding = pair(config.get("padding"));
        return new Conv2d(number(config, "in", 0), number(config, "out", 0), kernel[0], o -> {
            o.kernelWidth = kernel[1];
            o.stride = stride[0];
            o.strideWidth = stride[1];
            o.padding = padding[0];
            o.paddingWidth = padding[1];
            o.dilation = (int) number(config, "dilation", 1);
            o.groups = (int) number(config, "groups", 1);
            o.bias = truth(config, "bias");
        });
    }

    private static void norm(Map<String, Object> config, BatchNorm.Options o) {
        o.eps = config.containsKey("eps") ? ((Number) config.get("eps")).doubleValue() : o.eps;
        o.cumulative = config.containsKey("momentum") && config.get("momentum") == null;
        if (config.get("momentum") instanceof Number momentum) {
            o.momentum = momentum.doubleValue();
        }
        o.affine = truth(config, "affine");
    }

    private static long number(Map<String, Object> config, String key, long otherwise) {
        return config.get(key) instanceof Number number ? number.longValue() : otherwise;
    }

    private static boolean truth(Map<String, Object> config, String key) {
        return !Boolean.FALSE.equals(config.get(key));
    }

    private static int[] pair(Object json) {
        return json instanceof List<?> list
                ? list.stream().mapToInt(x -> ((Number) x).intValue()).toArray()
                : new int[] {((Number) json).intValue(), ((Number) json).intValue()};
    }
}
