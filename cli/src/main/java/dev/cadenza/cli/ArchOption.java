package dev.cadenza.cli;

import dev.cadenza.nn.Activation;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.vision.models.ResNet;
import dev.cadenza.vision.models.SmallResNet;
import dev.cadenza.vision.models.XResNet;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/** The networks by the names that {@code --arch} takes. */
enum ArchOption {
    MLP(null),
    SMALL_RESNET(SmallResNet::new),
    RESNET9(SmallResNet::resnet9),
    RESNET18(ResNet::resnet18),
    RESNET34(ResNet::resnet34),
    RESNET50(ResNet::resnet50),
    XRESNET18(XResNet::xresnet18),
    XRESNET34(XResNet::xresnet34),
    XRESNET50(XResNet::xresnet50);

    /** Digits are 28×28 pixels. */
    private static final int PIXELS = 784;

    @SuppressWarnings("ImmutableEnumChecker") // lambdas that hold nothing
    private final LongFunction<Module> maker;

    ArchOption(LongFunction<Module> maker) {
        this.maker = maker;
    }

    static ArchOption of(String name) {
        return Arrays.stream(values())
                .filter(each -> each.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> BadInputException.option("--arch", "one of " + names(), name));
    }

    static String names() {
        return Arrays.stream(values()).map(ArchOption::toString).collect(Collectors.joining(", "));
    }

    /** Whether it takes images {@code [N, 3, H, W]}; else rows of 784 pixels. */
    boolean takesImages() {
        return maker != null;
    }

    /** Makes the network with first weights; {@code hidden} is for the one that has a hidden layer. */
    Module make(int classes, int hidden) {
        return takesImages()
                ? maker.apply(classes)
                : Sequential.of(new Linear(PIXELS, hidden), Activation.relu(), new Linear(hidden, classes));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
