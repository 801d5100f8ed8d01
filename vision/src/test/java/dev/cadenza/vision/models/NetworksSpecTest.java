package dev.cadenza.vision.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cadenza.io.Spec;
import dev.cadenza.io.Types;
import dev.cadenza.nn.Activation;
import dev.cadenza.nn.Layers;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every network says what it is, and is made again of that. */
@ExtendWith(InScope.class)
class NetworksSpecTest {
    private static final Types TYPES = Layers.types().add(Networks.types());

    private static Stream<Module> networks() {
        return Stream.of(
                ResNet.resnet18(3),
                TYPES.make(
                        Spec.of("ResNet")
                                .with("classes", 2)
                                .with("depths", new int[] {1, 1, 2, 1})
                                .with("bottleneck", true)
                                .with("inChannels", 3),
                        ResNet.class),
                XResNet.xresnet18(3),
                XResNet.xresnet18(3, o -> {
                    o.activation = Activation::mish;
                    o.pool = Pool.MAX_BLUR;
                    o.reduction = 4;
                    o.widen = 0.5;
                    o.dropout = 0.1;
                }),
                new SmallResNet(4),
                new SmallResNet(4, o -> {
                    o.widths = new int[] {4, 8, 8};
                    o.blocks = new int[] {2, 1};
                    o.activation = () -> Activation.celu(0.3);
                    o.strided = true;
                    o.concatPool = true;
                    o.scale = 0.5;
                }),
                new BlurPool(3, 2),
                new ConvLayer(3, 4, 3),
                new ResBlock(1, 3, 6, o -> o.stride = 2));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void a_network_is_made_again(Module net) {
        Tensor x = Tensor.zeros(2, 3, 32, 32).normal_(0, 1, new Rng(1));
        net.forward(x); // moves running statistics
        net.eval();
        Module same = Layers.build(Spec.parse(Layers.spec(net).toString()), net.stateDict(), TYPES);
        assertThat(same.stateDict().keySet())
                .containsExactlyElementsOf(net.stateDict().keySet());
        assertThat(same.forward(x).equal(net.forward(x))).isTrue();
        assertThat(Layers.spec(same)).isEqualTo(Layers.spec(net));
    }

    @Test
    void wrong_numbers_and_huge_networks_are_refused() {
        for (String hostile : new String[] {
            "{'type':'ResNet','classes':2,'depths':[2000000000,1,1,1],'bottleneck':false,'inChannels':3}",
            "{'type':'ResNet','classes':2,'depths':[1],'bottleneck':false,'inChannels':3}",
            "{'type':'ResNet','classes':0,'depths':[1,1,1,1],'bottleneck':false,'inChannels':3}",
            "{'type':'BlurPool','channels':2000000000,'stride':1}",
            "{'type':'ResBlock','convpath':{'type':'Identity'},'idpath':{'type':'Identity'},'act':{'type':'Identity'}}",
        }) {
            Spec spec = Spec.parse(hostile.replace('\'', '"'));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Layers.build(spec, Map.of("x", Tensor.ones(9)), TYPES))
                    .withMessageContaining("wanted ");
        }
    }
}
